package dev.nightjar.nbd.client.extent;

import dev.nightjar.nbd.protocol.BlockStatus;
import dev.nightjar.nbd.protocol.Errno;
import java.util.List;
import java.util.Map;

/** Asks a server for block status, one request for each call; blocks until the answer is whole. */
@FunctionalInterface
public interface StatusSource {

    /** Asks about a range, in bytes. Failures other than a refusal of this request are thrown. */
    StatusReply ask(long offset, long length);

    /** What came back. */
    sealed interface StatusReply {

        /**
         * All chunks of a successful reply, in the order of arrival.
         *
         * @param contexts those that were to be answered, id → name; ids mean something on one connection only
         */
        record Statuses(List<BlockStatus> chunks, Map<Long, String> contexts) implements StatusReply {
            public Statuses {
                chunks = List.copyOf(chunks);
            }
        }

        /**
         * The server refused.
         *
         * @param failure to be thrown if asking for less does not help
         */
        record Refused(Errno errno, RuntimeException failure) implements StatusReply {}
    }
}
