package dev.nightjar.service.web;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Tells readers of the OpenAPI document what an answer always has: those components of a record that JSpecify does not call nullable. Of
 * what a request holds the constraints say so, and that JSON has no way to leave a primitive out; a list may be. Also gives each sealed type the values
 * that tell its kinds apart. The dashboard's types are generated from it. Thread-safe.
 */
@Component
class ApiNullness implements ModelConverter {

    private static final String REFERENCE = "#/components/schemas/";

    private final Map<String, List<String>> present = new ConcurrentHashMap<>();
    private final Map<String, List<String>> primitive = new ConcurrentHashMap<>();
    private final Map<String, Map<String, String>> kinds = new ConcurrentHashMap<>();

    ApiNullness() {
        // These are added to the document without being asked about.
        note(Problem.class);
        note(FieldProblem.class);
    }

    @Override
    public @Nullable Schema<?> resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
        Class<?> raw = Json.mapper().constructType(type.getType()).getRawClass();
        if (raw.isRecord()) {
            present.put(nameOf(raw), components(raw, ApiNullness::isPresent));
            primitive.put(
                    nameOf(raw),
                    components(raw, component -> component.getType().isPrimitive()));
        }
        JsonSubTypes subTypes = raw.getAnnotation(JsonSubTypes.class);
        if (subTypes != null && raw.isSealed()) {
            kinds.put(nameOf(raw), kindsOf(subTypes));
        }
        return chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
    }

    /** Completes the document with what was learned while it was made. */
    void complete(OpenAPI api) {
        Map<String, Schema<?>> schemas = new LinkedHashMap<>();
        api.getComponents().getSchemas().forEach((name, schema) -> schemas.put(name, (Schema<?>) schema));
        Set<String> sent = sentSchemas(api, schemas);
        schemas.forEach((name, schema) -> {
            Map<String, List<String>> required = sent.contains(name) ? primitive : present;
            required.getOrDefault(name, List.of()).forEach(schema::addRequiredItem);
            if (schema.getDiscriminator() != null && kinds.containsKey(name)) {
                schema.getDiscriminator().setMapping(kinds.get(name));
            }
        });
    }

    private void note(Class<?> type) {
        present.put(nameOf(type), components(type, ApiNullness::isPresent));
        primitive.put(
                nameOf(type), components(type, component -> component.getType().isPrimitive()));
    }

    private static boolean isPresent(RecordComponent component) {
        return !component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static List<String> components(Class<?> type, Predicate<RecordComponent> wanted) {
        return Arrays.stream(type.getRecordComponents())
                .filter(wanted)
                .map(RecordComponent::getName)
                .toList();
    }

    private static Map<String, String> kindsOf(JsonSubTypes subTypes) {
        return Arrays.stream(subTypes.value())
                .collect(Collectors.toMap(
                        JsonSubTypes.Type::name,
                        type -> REFERENCE + nameOf(type.value()),
                        (a, b) -> a,
                        LinkedHashMap::new));
    }

    private static String nameOf(Class<?> type) {
        io.swagger.v3.oas.annotations.media.Schema named =
                type.getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
        return named == null || named.name().isEmpty() ? type.getSimpleName() : named.name();
    }

    private static Set<String> sentSchemas(OpenAPI api, Map<String, Schema<?>> schemas) {
        Set<String> sent = new HashSet<>();
        api.getPaths().values().stream()
                .map(PathItem::readOperations)
                .flatMap(Collection::stream)
                .map(Operation::getRequestBody)
                .filter(Objects::nonNull)
                .flatMap(body -> body.getContent().values().stream())
                .forEach(content -> collect(content.getSchema(), schemas, sent));
        return sent;
    }

    private static void collect(@Nullable Schema<?> schema, Map<String, Schema<?>> schemas, Set<String> sent) {
        if (schema == null) {
            return;
        }
        if (schema.get$ref() != null) {
            String name = schema.get$ref().substring(REFERENCE.length());
            if (sent.add(name)) {
                collect(schemas.get(name), schemas, sent);
            }
        }
        collect(schema.getItems(), schemas, sent);
        parts(schema).forEach(part -> collect(part, schemas, sent));
    }

    private static Stream<Schema<?>> parts(Schema<?> schema) {
        Stream<Schema<?>> properties = schema.getProperties() == null
                ? Stream.of()
                : schema.getProperties().values().stream().map(property -> (Schema<?>) property);
        return Stream.concat(
                properties,
                Stream.of(schema.getAllOf(), schema.getOneOf(), schema.getAnyOf())
                        .filter(Objects::nonNull)
                        .flatMap(List::stream)
                        .map(part -> (Schema<?>) part));
    }
}
