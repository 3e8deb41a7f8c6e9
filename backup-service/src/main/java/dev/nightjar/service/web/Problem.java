package dev.nightjar.service.web;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The shape of every failed answer (RFC 9457); it exists for the API's description.
 *
 * @param type always about:blank
 * @param title the status in words
 * @param status the HTTP status
 * @param detail what happened, and where
 * @param instance the request's path
 * @param code the stable name of the failure
 * @param hint what a person can do
 * @param fieldErrors what is wrong with which field of the request
 */
@Schema(name = "Problem")
record Problem(
        @Nullable String type,
        String title,
        int status,
        String detail,
        @Nullable String instance,
        String code,
        String hint,
        @Nullable List<FieldProblem> fieldErrors) {}
