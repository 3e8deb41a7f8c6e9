package dev.nightjar.nbd.server.export;

/** A connection that has chosen an export, as the export sees it. Methods return at once and may be called on any thread. */
public interface ExportClient {

    /** The export is going away: what was begun is answered, what comes later is refused, then the connection is closed. */
    void retire();

    /** It took too long: the connection is closed now. */
    void cutOff();
}
