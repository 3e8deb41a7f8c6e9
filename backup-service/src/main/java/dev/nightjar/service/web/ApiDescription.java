package dev.nightjar.service.web;

import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.converter.ResolvedSchema;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.List;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.StringUtils;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The OpenAPI document: what it is called, and that every operation may answer with a problem. */
@Configuration(proxyBeanMethods = false)
class ApiDescription {

    private static final String EVENT_STREAM = org.springframework.http.MediaType.TEXT_EVENT_STREAM_VALUE;

    @Bean
    OpenAPI openApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("Nightjar")
                        .version("v1")
                        .description(
                                "Incremental backup of QEMU/KVM machines: machines, policies, runs, recovery points, restores.")
                        .license(new License().name("Apache-2.0")));
    }

    /** One after the other: what is added first is completed last. */
    @Bean
    GlobalOpenApiCustomizer completed(ApiNullness nullness) {
        return api -> {
            api.setServers(List.of());
            addProblems(api);
            nameEventStreams(api);
            nullness.complete(api);
        };
    }

    /** Names that say what they do and do not depend on the order in which controllers are found. */
    @Bean
    GlobalOperationCustomizer operationNames() {
        return (operation, handler) -> {
            String verb = handler.getMethod().getName();
            String controller = handler.getBeanType().getSimpleName();
            String subject = without("Controller", controller);
            return operation.operationId(verb + without(StringUtils.capitalize(verb), subject));
        };
    }

    private static void addProblems(OpenAPI api) {
        ResolvedSchema problem = ModelConverters.getInstance(true)
                .resolveAsResolvedSchema(new AnnotatedType(Problem.class).resolveAsRef(false));
        problem.referencedSchemas.forEach(api.getComponents()::addSchemas);
        api.getComponents().addSchemas("Problem", problem.schema);
        api.getPaths().values().forEach(path -> path.readOperations().forEach(ApiDescription::addProblem));
    }

    // Event streams are text; the framework's class for them is nobody's business.
    private static void nameEventStreams(OpenAPI api) {
        api.getPaths().values().stream()
                .flatMap(path -> path.readOperations().stream())
                .flatMap(operation -> operation.getResponses().values().stream())
                .map(ApiResponse::getContent)
                .filter(content -> content != null && content.containsKey(EVENT_STREAM))
                .forEach(content -> content.get(EVENT_STREAM).setSchema(new StringSchema()));
        api.getComponents().getSchemas().remove(SseEmitter.class.getSimpleName());
    }

    private static String without(String ending, String name) {
        return name.endsWith(ending) ? name.substring(0, name.length() - ending.length()) : name;
    }

    private static void addProblem(Operation operation) {
        Schema<?> reference = new Schema<>().$ref("#/components/schemas/Problem");
        Content content = new Content().addMediaType("application/problem+json", new MediaType().schema(reference));
        operation
                .getResponses()
                .addApiResponse(
                        "default",
                        new ApiResponse()
                                .description("A problem, with its code")
                                .content(content));
    }
}
