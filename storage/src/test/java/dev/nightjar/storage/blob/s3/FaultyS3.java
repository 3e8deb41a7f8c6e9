package dev.nightjar.storage.blob.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** As much of an object store as single objects need, in memory, that misbehaves as it is told. Thread-safe. */
final class FaultyS3 implements AutoCloseable {

    /** What goes wrong with one request. */
    enum Fault {
        /** Nothing goes wrong. */
        NONE,
        /** 503 SlowDown; nothing is done. */
        BUSY,
        /** 409, for another write of the same name is under way; nothing is done. */
        CONFLICT,
        /** 500 InternalError; nothing is done. */
        BROKEN,
        /** It is done, and the connection breaks before the answer. */
        ANSWER_LOST,
        /** Half of the answer's body comes. */
        CUT_SHORT,
        /** The store sends half of an object as if it were what was asked for. */
        TOO_LITTLE,
        /** No answer comes. */
        SILENT
    }

    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    FaultyS3() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    S3Location location() {
        URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new S3Location("backups", "", endpoint, "us-east-1", true);
    }

    /** The next requests meet these, one each. */
    void next(Fault... script) {
        faults.addAll(Arrays.asList(script));
    }

    int requests() {
        return requests.get();
    }

    void put(String name, byte[] content) {
        objects.put("/backups/" + name, content);
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        byte[] body = decoded(
                exchange.getRequestBody().readAllBytes(),
                exchange.getRequestHeaders().getFirst("x-amz-decoded-content-length"));
        Fault fault = faults.poll();
        try (exchange) {
            if (fault == Fault.BUSY) {
                error(exchange, 503, "SlowDown");
            } else if (fault == Fault.CONFLICT) {
                error(exchange, 409, "ConditionalRequestConflict");
            } else if (fault == Fault.BROKEN) {
                error(exchange, 500, "InternalError");
            } else if (fault == Fault.SILENT) {
                closed.await();
            } else {
                answer(exchange, body, fault);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Without TLS content comes in signed pieces: a length in hexadecimal, a signature, a line's end, the bytes, a line's end. */
    private static byte[] decoded(byte[] sent, @Nullable String length) {
        if (length == null) {
            return sent;
        }
        byte[] content = new byte[Integer.parseInt(length)];
        int at = 0;
        int done = 0;
        while (done < content.length) {
            int semicolon = at;
            while (sent[semicolon] != ';') {
                semicolon++;
            }
            int piece = Integer.parseInt(new String(sent, at, semicolon - at, StandardCharsets.US_ASCII), 16);
            int start = semicolon;
            while (sent[start] != '\n') {
                start++;
            }
            System.arraycopy(sent, start + 1, content, done, piece);
            done += piece;
            at = start + 1 + piece + 2;
        }
        return content;
    }

    private void answer(HttpExchange exchange, byte[] body, @Nullable Fault fault) throws IOException {
        String key = exchange.getRequestURI().getPath();
        byte[] stored = objects.get(key);
        String source = exchange.getRequestHeaders().getFirst("x-amz-copy-source");
        switch (exchange.getRequestMethod()) {
            case "DELETE" -> {
                objects.remove(key);
                exchange.sendResponseHeaders(204, -1);
            }
            case "PUT" -> {
                if (source != null) {
                    objects.put(key, objects.get(source.startsWith("/") ? source : "/" + source));
                    send(exchange, 200, ascii("<CopyObjectResult><ETag>\"1\"</ETag></CopyObjectResult>"), fault);
                    return;
                }
                boolean taken = objects.putIfAbsent(key, body) != null;
                if (fault == Fault.ANSWER_LOST) {
                    return;
                }
                if (taken) {
                    error(exchange, 412, "PreconditionFailed");
                } else {
                    exchange.sendResponseHeaders(200, -1);
                }
            }
            case "HEAD" -> {
                if (stored == null) {
                    exchange.sendResponseHeaders(404, -1);
                } else {
                    exchange.getResponseHeaders().set("Content-Length", String.valueOf(stored.length));
                    exchange.sendResponseHeaders(200, -1);
                }
            }
            default -> {
                if (String.valueOf(exchange.getRequestURI().getQuery()).contains("list-type")) {
                    send(exchange, 200, ascii(listing()), fault);
                } else if (stored == null) {
                    error(exchange, 404, "NoSuchKey");
                } else if (fault == Fault.TOO_LITTLE) {
                    send(exchange, 206, Arrays.copyOf(stored, stored.length / 2), null);
                } else {
                    send(exchange, 206, stored, fault);
                }
            }
        }
    }

    private String listing() {
        StringBuilder xml = new StringBuilder("<ListBucketResult><IsTruncated>false</IsTruncated>");
        objects.forEach((key, content) -> xml.append("<Contents><Key>")
                .append(key.substring("/backups/".length()))
                .append("</Key><Size>")
                .append(content.length)
                .append("</Size></Contents>"));
        return xml.append("</ListBucketResult>").toString();
    }

    private static void send(HttpExchange exchange, int status, byte[] content, @Nullable Fault fault)
            throws IOException {
        exchange.sendResponseHeaders(status, content.length);
        exchange.getResponseBody().write(content, 0, fault == Fault.CUT_SHORT ? content.length / 2 : content.length);
        // What is cut short would not even be begun else.
        exchange.getResponseBody().flush();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void error(HttpExchange exchange, int status, String code) throws IOException {
        byte[] xml = ascii("<Error><Code>" + code + "</Code></Error>");
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        exchange.sendResponseHeaders(status, xml.length);
        exchange.getResponseBody().write(xml);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.close();
    }
}
