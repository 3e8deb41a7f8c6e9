package dev.nightjar.storage.blob.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much of an object store as object lock needs: versions, delete markers, retention. One version of each object. Thread-safe. */
final class ObjectLockServer implements AutoCloseable {

    private static final Pattern UNTIL = Pattern.compile("<RetainUntilDate>(.*)</RetainUntilDate>");

    private final Map<String, Version> objects = new TreeMap<>();
    private final HttpServer server;
    private final boolean enforces;
    private Instant now = Instant.now();
    private int versions;

    private static final class Version {
        private final byte[] content;
        private final String id;
        private Instant retainedUntil = Instant.MIN;
        private boolean hidden;

        private Version(byte[] content, String id) {
            this.content = content;
            this.id = id;
        }
    }

    ObjectLockServer(boolean enforces) throws IOException {
        this.enforces = enforces;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    synchronized void passUntil(Instant instant) {
        now = instant;
    }

    /** Whether anything of an object is stored, hidden or not. */
    synchronized boolean stores(String key) {
        return objects.containsKey(key);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        String path = exchange.getRequestURI().getPath().replaceFirst("^/[^/]+/?", "");
        byte[] body = exchange.getRequestBody().readAllBytes();
        Version object = objects.get(path);
        if (query.startsWith("object-lock")) {
            xml(
                    exchange,
                    200,
                    "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>");
        } else if (query.contains("list-type=2")) {
            list(exchange, query);
        } else if (exchange.getRequestMethod().equals("PUT") && !query.startsWith("retention")) {
            objects.put(path, new Version(body, "v" + ++versions));
            xml(exchange, 200, "");
        } else if (object == null || (object.hidden && !query.contains("versionId"))) {
            xml(exchange, 404, error("NoSuchKey"));
        } else if (query.startsWith("retention")) {
            retention(exchange, object, new String(body, StandardCharsets.UTF_8));
        } else if (exchange.getRequestMethod().equals("DELETE")) {
            delete(exchange, path, object, query);
        } else {
            head(exchange, object);
        }
    }

    private void list(HttpExchange exchange, String query) throws IOException {
        Matcher prefix = Pattern.compile("prefix=([^&]*)").matcher(query);
        StringBuilder contents = new StringBuilder();
        String wanted = prefix.find() ? prefix.group(1) : "";
        objects.forEach((key, version) -> {
            if (key.startsWith(wanted) && !version.hidden) {
                contents.append(
                        "<Contents><Key>%s</Key><Size>%d</Size></Contents>".formatted(key, version.content.length));
            }
        });
        xml(exchange, 200, "<ListBucketResult><IsTruncated>false</IsTruncated>" + contents + "</ListBucketResult>");
    }

    private void retention(HttpExchange exchange, Version object, String body) throws IOException {
        Matcher until = UNTIL.matcher(body);
        boolean found = until.find();
        Instant date = found ? Instant.parse(until.group(1)) : Instant.MIN;
        boolean allowed = body.contains("<Mode>COMPLIANCE</Mode>") && date.isAfter(object.retainedUntil);
        if (allowed) {
            object.retainedUntil = date;
        }
        xml(exchange, allowed ? 200 : 403, allowed ? "" : error("AccessDenied"));
    }

    private void delete(HttpExchange exchange, String path, Version object, String query) throws IOException {
        if (!query.contains("versionId")) {
            object.hidden = true;
            xml(exchange, 204, "");
        } else if (enforces && object.retainedUntil.isAfter(now)) {
            xml(exchange, 403, error("AccessDenied"));
        } else {
            objects.remove(path);
            xml(exchange, 204, "");
        }
    }

    private static void head(HttpExchange exchange, Version object) throws IOException {
        exchange.getResponseHeaders().set("x-amz-version-id", object.id);
        if (object.retainedUntil.isAfter(Instant.MIN)) {
            exchange.getResponseHeaders().set("x-amz-object-lock-mode", "COMPLIANCE");
            exchange.getResponseHeaders().set("x-amz-object-lock-retain-until-date", object.retainedUntil.toString());
        }
        exchange.getResponseHeaders().set("Content-Length", String.valueOf(object.content.length));
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    private static String error(String code) {
        return "<Error><Code>" + code + "</Code><Message>" + code + "</Message></Error>";
    }

    private static void xml(HttpExchange exchange, int status, String xml) throws IOException {
        byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
        boolean none = bytes.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, none ? -1 : bytes.length);
        if (!none) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }
}
