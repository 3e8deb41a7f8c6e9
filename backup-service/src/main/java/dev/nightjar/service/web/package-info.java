/** What all of REST shares: problem details, the dashboard's files, the OpenAPI document. */
@NullMarked
package dev.nightjar.service.web;

import org.jspecify.annotations.NullMarked;
