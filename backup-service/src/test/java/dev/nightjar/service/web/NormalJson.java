package dev.nightjar.service.web;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON as it is committed: keys in order, one value a line, nothing that depends on where it was served. */
final class NormalJson {

    private static final JsonMapper JSON = JsonMapper.shared();

    private NormalJson() {}

    static String write(JsonNode document) {
        Object sorted = sorted(JSON.convertValue(document, Object.class));
        if (sorted instanceof Map<?, ?> root) {
            root.remove("servers");
        }
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                        .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                        .withObjectEmptySeparator("")
                        .withArrayEmptySeparator(""))
                .withObjectIndenter(indenter)
                .withArrayIndenter(indenter);
        return JSON.writer().with(printer).writeValueAsString(sorted) + "\n";
    }

    private static Object sorted(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<String, Object> sorted = new TreeMap<>();
                map.forEach((key, entry) -> sorted.put(String.valueOf(key), sorted(entry)));
                yield sorted;
            }
            case List<?> list -> list.stream().map(NormalJson::sorted).toList();
            default -> value;
        };
    }
}
