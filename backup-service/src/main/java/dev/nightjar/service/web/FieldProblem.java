package dev.nightjar.service.web;

/**
 * What is wrong with one field of a request.
 *
 * @param field its path
 * @param message what is wrong
 */
public record FieldProblem(String field, String message) {}
