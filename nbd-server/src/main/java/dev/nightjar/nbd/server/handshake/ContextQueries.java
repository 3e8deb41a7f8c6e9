package dev.nightjar.nbd.server.handshake;

import dev.nightjar.nbd.server.export.ExportDescription;
import dev.nightjar.nbd.server.export.ServedDisk;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which metadata contexts queries mean. A name means itself. In LIST_META_CONTEXT a query that ends in a colon means all that begin so
 * ({@code base:}, {@code qemu:}, {@code qemu:dirty-bitmap:}), and no query means all. In SET_META_CONTEXT neither means anything: a
 * client names what it will work with. What is not known is no error and means nothing.
 */
final class ContextQueries {

    private ContextQueries() {}

    static List<String> offered(ExportDescription export) {
        List<String> all = new ArrayList<>();
        all.add(ServedDisk.BASE_ALLOCATION);
        all.addAll(export.contexts());
        return all;
    }

    static List<String> listed(ExportDescription export, List<String> queries) {
        return offered(export).stream()
                .filter(name -> queries.isEmpty() || queries.stream().anyMatch(query -> means(query, name)))
                .toList();
    }

    private static boolean means(String query, String name) {
        return query.equals(name) || (query.endsWith(":") && name.startsWith(query));
    }

    static List<GrantedContext> chosen(ExportDescription export, List<String> queries) {
        Set<String> wanted = new LinkedHashSet<>(queries);
        List<GrantedContext> granted = new ArrayList<>();
        for (String name : offered(export)) {
            if (wanted.contains(name)) {
                granted.add(new GrantedContext(granted.size() + 1L, name));
            }
        }
        return granted;
    }
}
