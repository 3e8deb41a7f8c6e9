package dev.nightjar.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;

/** Writes a command's result to its standard output, as text or as JSON, piece by piece. Both end with a flush. */
public final class ResultOutput {

    private final OutputStream out;

    public ResultOutput(Streams streams) {
        this.out = streams.out();
    }

    /** What may be written, line by line. */
    @FunctionalInterface
    public interface Lines {
        void print(String line);
    }

    /**
     * Text.
     *
     * @throws CommandFailure if it cannot be written
     */
    public void text(Consumer<Lines> content) {
        writing(() -> {
            Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 16);
            content.accept(line -> {
                try {
                    writer.append(line).append('\n');
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            writer.flush();
        });
    }

    /**
     * One JSON value, indented. Objects within arrays stay on one line each if told so: a map has many.
     *
     * @throws CommandFailure if it cannot be written
     */
    public void json(boolean objectsOnOneLine, Consumer<JsonGenerator> content) {
        writing(() -> {
            try (JsonGenerator generator =
                    new JsonFactory().createGenerator(new Style(printer(objectsOnOneLine)), out)) {
                content.accept(generator);
                generator.writeRaw("\n");
            }
        });
    }

    private static PrettyPrinter printer(boolean objectsOnOneLine) {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(
                        Separators.createDefaultInstance().withObjectNameValueSpacing(Separators.Spacing.AFTER))
                .withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
        return objectsOnOneLine ? printer.withObjectIndenter(new DefaultPrettyPrinter.FixedSpaceIndenter()) : printer;
    }

    @FunctionalInterface
    private interface Write {
        void run() throws IOException;
    }

    private static void writing(Write write) {
        try {
            write.run();
        } catch (JacksonException e) {
            throw failed(e.getCause() instanceof IOException cause ? cause : e);
        } catch (UncheckedIOException e) {
            throw failed(e.getCause() == null ? e : e.getCause());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static CommandFailure failed(Exception cause) {
        return new CommandFailure(
                CommandErrorCode.OUTPUT_FAILED,
                "cannot write to standard output: " + cause.getMessage(),
                "Check where the output goes to.",
                cause);
    }

    /** How a generator without an object mapper learns about its style. */
    private static final class Style extends ObjectWriteContext.Base {
        private final PrettyPrinter printer;

        Style(PrettyPrinter printer) {
            this.printer = printer;
        }

        @Override
        public PrettyPrinter getPrettyPrinter() {
            return printer;
        }

        @Override
        public boolean hasPrettyPrinter() {
            return true;
        }
    }
}
