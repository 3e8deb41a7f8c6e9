package dev.nightjar.storage.repository;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.PendingBlob;
import dev.nightjar.storage.blob.StoredBlob;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * A process that dies at a chosen step: before or after one of the writes that it makes to blob store and database. Once dead it can
 * neither write nor read, not even to clean up, as if it had been killed.
 */
final class MortalProcess {

    private final int dieAt;
    private final boolean survives;
    private final List<String> steps = new ArrayList<>();
    private boolean begun;
    private volatile boolean dead;

    /**
     * @param dieAt number of the step, from 1; 0 for immortality
     */
    MortalProcess(int dieAt) {
        this(dieAt, false);
    }

    private MortalProcess(int dieAt, boolean survives) {
        this.dieAt = dieAt;
        this.survives = survives;
    }

    /** One that lives on after its step has failed: a write that did not happen, or one whose answer was lost. */
    static MortalProcess failingOnceAt(int step) {
        return new MortalProcess(step, true);
    }

    /** From here on its steps count. */
    synchronized void begin() {
        begun = true;
    }

    /** What it did, up to its death. */
    synchronized List<String> steps() {
        return List.copyOf(steps);
    }

    boolean isDead() {
        return dead;
    }

    private synchronized void step(String what) {
        if (begun && !dead) {
            steps.add(what);
            if (steps.size() == dieAt && survives) {
                throw new StorageException(StorageErrorCode.REPOSITORY_IO_ERROR, "failed once", "It is a test.");
            }
            dead = steps.size() == dieAt;
        }
        requireAlive();
    }

    private void requireAlive() {
        if (dead) {
            throw new StorageException(StorageErrorCode.REPOSITORY_IO_ERROR, "killed", "It is a test.");
        }
    }

    BlobStore store(BlobStore real) {
        return new MortalStore(real);
    }

    DataSource database(DataSource real) {
        return new MortalDatabase(real);
    }

    private final class MortalStore implements BlobStore {

        private final BlobStore real;

        MortalStore(BlobStore real) {
            this.real = real;
        }

        @Override
        public String location() {
            return real.location();
        }

        @Override
        public boolean putIfAbsent(String name, ByteBuffer content) {
            String kind = name.substring(0, Math.max(0, name.indexOf('/')));
            step("before put of " + kind);
            boolean put = real.putIfAbsent(name, content);
            step("after put of " + kind);
            return put;
        }

        @Override
        public PendingBlob create() {
            requireAlive();
            PendingBlob blob = real.create();
            return new PendingBlob() {
                @Override
                public void write(ByteBuffer content) {
                    requireAlive();
                    blob.write(content);
                }

                @Override
                public long bytes() {
                    return blob.bytes();
                }

                @Override
                public StoredBlob commit(String name) {
                    step("before pack");
                    StoredBlob stored = blob.commit(name);
                    step("after pack");
                    return stored;
                }

                @Override
                public void abort() {
                    if (!dead) {
                        blob.abort();
                    }
                }
            };
        }

        @Override
        public ByteBuffer read(String name, long offset, int length) {
            requireAlive();
            return real.read(name, offset, length);
        }

        @Override
        public long size(String name) {
            requireAlive();
            return real.size(name);
        }

        @Override
        public boolean exists(String name) {
            requireAlive();
            return real.exists(name);
        }

        @Override
        public Stream<BlobInfo> list(String prefix) {
            requireAlive();
            return real.list(prefix);
        }

        @Override
        public void delete(String name) {
            step("before delete");
            real.delete(name);
            step("after delete");
        }

        @Override
        public boolean move(String name, String to) {
            step("before move");
            boolean moved = real.move(name, to);
            step("after move");
            return moved;
        }
    }

    private final class MortalDatabase implements DataSource {

        private static final Set<String> ALLOWED_WHEN_DEAD = Set.of("close", "rollback", "setAutoCommit");
        private final DataSource real;

        MortalDatabase(DataSource real) {
            this.real = real;
        }

        @Override
        public Connection getConnection() throws SQLException {
            if (dead) {
                throw new SQLException("killed");
            }
            Connection connection = real.getConnection();
            return (Connection) Proxy.newProxyInstance(
                    MortalProcess.class.getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                        if (dead && !ALLOWED_WHEN_DEAD.contains(method.getName())) {
                            throw new SQLException("killed");
                        }
                        if (dead && method.getName().equals("setAutoCommit")) {
                            return null; // It would commit what a dead process left open.
                        }
                        boolean commits = method.getName().equals("commit");
                        try {
                            if (commits) {
                                sqlStep("before transaction");
                            }
                            Object result = method.invoke(connection, arguments);
                            if (commits) {
                                sqlStep("after transaction");
                            }
                            return result;
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        private void sqlStep(String what) throws SQLException {
            try {
                step(what);
            } catch (StorageException e) {
                throw new SQLException("killed", e);
            }
        }

        @Override
        public Connection getConnection(String user, String password) {
            throw new UnsupportedOperationException();
        }

        @Override
        public PrintWriter getLogWriter() throws SQLException {
            return real.getLogWriter();
        }

        @Override
        public void setLogWriter(PrintWriter out) throws SQLException {
            real.setLogWriter(out);
        }

        @Override
        public void setLoginTimeout(int seconds) throws SQLException {
            real.setLoginTimeout(seconds);
        }

        @Override
        public int getLoginTimeout() throws SQLException {
            return real.getLoginTimeout();
        }

        @Override
        public Logger getParentLogger() {
            return Logger.getGlobal();
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            return real.unwrap(type);
        }

        @Override
        public boolean isWrapperFor(Class<?> type) throws SQLException {
            return real.isWrapperFor(type);
        }
    }
}
