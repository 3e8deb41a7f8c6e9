package dev.nightjar.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The testkit's own small QMP client, for set-up and for looking at what was left behind; Nightjar's is another one. One command at
 * a time; calls block and are serialised.
 */
public final class QmpClient implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final SocketChannel channel;
    private final BufferedReader reader;
    private final List<JsonNode> events = new ArrayList<>();

    private QmpClient(SocketChannel channel) {
        this.channel = channel;
        this.reader = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
    }

    /** Connects and leaves capabilities negotiation behind. */
    public static QmpClient connect(Path socket) {
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(socket));
            QmpClient client = new QmpClient(channel);
            client.receive().required("QMP");
            client.execute("qmp_capabilities");
            return client;
        } catch (IOException e) {
            throw new TestkitException("cannot connect to QMP at " + socket, e);
        }
    }

    /** A command without arguments. */
    public JsonNode execute(String command) {
        return send(command, null);
    }

    /** Arguments are given as JSON text. */
    public JsonNode executeJson(String command, String arguments) {
        return send(command, JSON.readTree(arguments));
    }

    /** Arguments are given as a map that Jackson can write. */
    public JsonNode execute(String command, Map<String, ?> arguments) {
        return send(command, JSON.<JsonNode>valueToTree(arguments));
    }

    /**
     * Sends one command and waits for its answer.
     *
     * @return the {@code return} member
     * @throws TestkitException with the server's description if it refused
     */
    private synchronized JsonNode send(String command, @Nullable JsonNode arguments) {
        var request = JsonNodeFactory.instance.objectNode().put("execute", command);
        if (arguments != null) {
            request.set("arguments", arguments);
        }
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(JSON.writeValueAsString(request) + "\n");
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return answerTo(command);
        } catch (IOException e) {
            throw new TestkitException("QMP connection broke during " + command, e);
        }
    }

    private JsonNode answerTo(String command) throws IOException {
        while (true) {
            JsonNode message = receive();
            if (message.has("event")) {
                events.add(message);
            } else if (message.has("error")) {
                throw new TestkitException("QMP " + command + ": "
                        + message.get("error").path("desc").asString());
            } else {
                return message.required("return");
            }
        }
    }

    /** Events that came with the answers so far. */
    public synchronized List<JsonNode> events() {
        return List.copyOf(events);
    }

    private JsonNode receive() throws IOException {
        String line = reader.readLine();
        if (line == null) {
            throw new IOException("QMP server closed the connection");
        }
        return JSON.readTree(line);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new TestkitException("closing QMP", e);
        }
    }
}
