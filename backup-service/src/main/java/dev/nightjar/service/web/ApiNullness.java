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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Tells readers of the OpenAPI document what an answer always has: those components of a record that JSpecify does not call nullable. Of
 * what a request holds only the constraints say so, because a list or a flag may be left out there. Also gives each sealed type the values
 * that tell its kinds apart. The dashboard's types are generated from it. Thread-safe.
 */
@Component
@Order(Ordered.LOWEST_PRECEDENCE)
class ApiNullness implements ModelConverter, GlobalOpenApiCustomizer {

    private static final String REFERENCE = "#/components/schemas/";

    private final Map<String, List<String>> present = new ConcurrentHashMap<>();
    private final Map<String, Map<String, String>> kinds = new ConcurrentHashMap<>();

    @Override
    public @Nullable Schema<?> resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
        Class<?> raw = Json.mapper().constructType(type.getType()).getRawClass();
        if (raw.isRecord()) {
            present.put(nameOf(raw), presentComponents(raw));
        }
        JsonSubTypes subTypes = raw.getAnnotation(JsonSubTypes.class);
        if (subTypes != null && raw.isSealed()) {
            kinds.put(nameOf(raw), kindsOf(subTypes));
        }
        return chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
    }

    @Override
    public void customise(OpenAPI api) {
        Map<String, Schema<?>> schemas = new LinkedHashMap<>();
        api.getComponents().getSchemas().forEach((name, schema) -> schemas.put(name, (Schema<?>) schema));
        Set<String> sent = sentSchemas(api, schemas);
        schemas.forEach((name, schema) -> {
            if (!sent.contains(name)) {
                present.getOrDefault(name, List.of()).forEach(schema::addRequiredItem);
            }
            if (schema.getDiscriminator() != null && kinds.containsKey(name)) {
                schema.getDiscriminator().setMapping(kinds.get(name));
            }
        });
    }

    private static List<String> presentComponents(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .filter(component -> !component.getAnnotatedType().isAnnotationPresent(Nullable.class))
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
