package dev.nightjar.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** An S3-compatible object store that keeps its objects in a directory: S3Proxy, as a process of its own. */
public final class S3Proxy implements AutoCloseable {

    public static final String ACCESS_KEY = "nightjar";
    public static final String SECRET_KEY = "nightjar-secret";

    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final RunningProcess process;
    private final Endpoint.Tcp endpoint;
    private final Path objects;

    private S3Proxy(RunningProcess process, Endpoint.Tcp endpoint, Path objects) {
        this.process = process;
        this.endpoint = endpoint;
        this.objects = objects;
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param jar S3Proxy with its dependencies
     * @param directory for objects, configuration and log
     */
    public static S3Proxy start(Path jar, Path directory) {
        Endpoint.Tcp endpoint = Endpoint.freeTcp();
        Path objects = directory.resolve("objects");
        Path configuration = directory.resolve("s3proxy.properties");
        try {
            Files.createDirectories(objects);
            Files.writeString(
                    configuration, """
                    s3proxy.endpoint=http://%s:%d
                    s3proxy.authorization=aws-v2-or-v4
                    s3proxy.identity=%s
                    s3proxy.credential=%s
                    jclouds.provider=filesystem-nio2
                    jclouds.filesystem.basedir=%s
                    """.formatted(endpoint.host(), endpoint.port(), ACCESS_KEY, SECRET_KEY, objects));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        RunningProcess process = RunningProcess.start(
                "s3proxy",
                List.of(java, "-Xmx256m", "-jar", jar.toString(), "--properties", configuration.toString()),
                directory.resolve("s3proxy.log"));
        S3Proxy proxy = new S3Proxy(process, endpoint, objects);
        process.awaitReady(START_LIMIT, proxy::answers);
        return proxy;
    }

    /** Where it listens. */
    public URI uri() {
        return URI.create("http://" + endpoint.host() + ":" + endpoint.port());
    }

    /** Makes a bucket. */
    public void createBucket(String name) {
        try {
            Files.createDirectories(objects.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public RunningProcess process() {
        return process;
    }

    @Override
    public void close() {
        process.close();
    }

    private boolean answers() {
        try (Socket socket = new Socket(endpoint.host(), endpoint.port())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
