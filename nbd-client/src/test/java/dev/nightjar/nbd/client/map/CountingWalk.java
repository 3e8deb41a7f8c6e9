package dev.nightjar.nbd.client.map;

import dev.nightjar.nbd.client.NbdConnection;
import dev.nightjar.nbd.client.NbdOptions;
import dev.nightjar.nbd.client.NbdUri;
import dev.nightjar.nbd.protocol.ReplyMode;

/**
 * A program that walks an export and prints how many extents it found, how many bytes with a status other than 0, and how many
 * bytes in all. Run with little memory, it shows that a walk needs no more.
 */
final class CountingWalk {

    private long extents;
    private long set;
    private long bytes;

    private CountingWalk() {}

    /** Arguments: URI, context, mode. */
    public static void main(String[] arguments) {
        String context = arguments[1];
        NbdOptions options =
                NbdOptions.defaults().withContexts(context).withHighestMode(ReplyMode.valueOf(arguments[2]));
        CountingWalk count = new CountingWalk();
        try (NbdConnection connection = NbdConnection.open(NbdUri.parse(arguments[0]), options)) {
            connection.walk(0, connection.export().size(), extent -> {
                count.extents++;
                count.bytes += extent.length();
                count.set += extent.status(context) != 0 ? extent.length() : 0;
            });
        }
        System.out.println(count.extents + " " + count.set + " " + count.bytes);
    }
}
