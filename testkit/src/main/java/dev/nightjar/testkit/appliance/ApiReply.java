package dev.nightjar.testkit.appliance;

import dev.nightjar.testkit.TestkitException;
import tools.jackson.databind.JsonNode;

/**
 * An answer of the REST API.
 *
 * @param request what was asked, for messages
 * @param status the HTTP status
 * @param body the JSON body; missing if there was none
 */
public record ApiReply(String request, int status, JsonNode body) {

    public boolean succeeded() {
        return status / 100 == 2;
    }

    /**
     * The body of a success.
     *
     * @throws TestkitException with code, detail and hint of a failure
     */
    public JsonNode expectSuccess() {
        if (!succeeded()) {
            throw new TestkitException("%s: %d %s: %s (%s)"
                    .formatted(
                            request,
                            status,
                            code(),
                            body.path("detail").asString(body.toString()),
                            body.path("hint").asString("no hint")));
        }
        return body;
    }

    /** The stable code of a failure, or an empty string. */
    public String code() {
        return body.path("code").asString("");
    }
}
