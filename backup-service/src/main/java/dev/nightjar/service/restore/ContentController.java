package dev.nightjar.service.restore;

import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.point.PointView;
import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.storage.blob.Patience;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.recover.RecoveryPointReader;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRange;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.ServletWebRequest;

/** A recovery point as a download: the raw disk, whole or a range of it (RFC 9110, section 14). */
@RestController
@RequestMapping("/api/v1/points")
@Tag(name = "Recovery points")
class ContentController {

    private static final Logger LOG = LoggerFactory.getLogger(ContentController.class);
    private static final DateTimeFormatter FILE_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final RepositoryProvider repository;

    ContentController(RepositoryProvider repository) {
        this.repository = repository;
    }

    @GetMapping("/{id}/content")
    @Operation(summary = "The raw disk, whole or a range of it")
    @ApiResponse(
            responseCode = "200",
            description = "The disk",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
                            schema = @Schema(type = "string", format = "binary")))
    void content(
            @PathVariable UUID id,
            @RequestParam(required = false) @Nullable UUID repositoryId,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        RecoveryPointReader reader = repository.getOrPrimary(repositoryId).reader(id);
        String tag = "\"" + PointView.rootId(reader.point()) + "-" + reader.size() + "\"";
        response.setHeader(HttpHeaders.ACCEPT_RANGES, "bytes");
        if (new ServletWebRequest(request, response).checkNotModified(tag)) {
            return;
        }
        @Nullable Slice slice = slice(request, tag, reader.size());
        if (slice == null) {
            response.setHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + reader.size());
            throw new NightjarException(
                    HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
                    "RANGE_NOT_SATISFIABLE",
                    "the range " + request.getHeader(HttpHeaders.RANGE) + " lies behind the disk's " + reader.size()
                            + " bytes",
                    "Ask for bytes below the disk's size; it is in the Content-Range header.");
        }
        describe(response, reader, slice);
        if (request.getMethod().equals("GET")) {
            send(reader, slice, response);
        }
    }

    private static void describe(HttpServletResponse response, RecoveryPointReader reader, Slice slice) {
        response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
        response.setContentLengthLong(slice.length());
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, disposition(reader.point()));
        if (slice.partial()) {
            response.setStatus(HttpStatus.PARTIAL_CONTENT.value());
            response.setHeader(
                    HttpHeaders.CONTENT_RANGE,
                    "bytes " + slice.offset() + "-" + (slice.offset() + slice.length() - 1) + "/" + reader.size());
        }
    }

    // An error of the repository in the middle ends the connection before the promised length: the client sees that it
    // has not everything.
    private static void send(RecoveryPointReader reader, Slice slice, HttpServletResponse response) throws IOException {
        ResponseSink sink = new ResponseSink(response.getOutputStream());
        try {
            Patience.atLength(() -> {
                reader.regions(slice.offset(), slice.length(), sink);
                return sink;
            });
        } catch (IOException e) {
            if (sink.clientGone()) {
                LOG.debug("the client of a download went away", e);
                return;
            }
            throw e;
        } catch (RuntimeException e) {
            if (response.isCommitted()) {
                throw new IOException("point " + reader.point().id() + " could not be read to its end", e);
            }
            // Nothing was sent yet: the problem is the answer, without the headers of a disk.
            response.reset();
            throw e;
        }
    }

    /** What is asked for; null if no byte of the disk is. A range of another method than GET, one that is not understood, or several, mean the whole. */
    private static @Nullable Slice slice(HttpServletRequest request, String tag, long size) {
        Slice whole = new Slice(0, size, false);
        @Nullable String header = request.getHeader(HttpHeaders.RANGE);
        @Nullable String condition = request.getHeader(HttpHeaders.IF_RANGE);
        if (!request.getMethod().equals("GET") || header == null || (condition != null && !condition.equals(tag))) {
            return whole;
        }
        List<HttpRange> ranges;
        try {
            ranges = HttpRange.parseRanges(header);
        } catch (IllegalArgumentException e) {
            return whole;
        }
        if (ranges.size() != 1) {
            return whole;
        }
        long start = ranges.getFirst().getRangeStart(size);
        long end = ranges.getFirst().getRangeEnd(size);
        return start >= size || end < start ? null : new Slice(start, end - start + 1, true);
    }

    private static String disposition(PointRecord point) {
        String name = (point.machineName() + "-" + point.diskName()).replaceAll("[^A-Za-z0-9._-]", "_");
        return ContentDisposition.attachment()
                .filename(name + "-" + FILE_TIME.format(point.instant()) + ".img")
                .build()
                .toString();
    }

    private record Slice(long offset, long length, boolean partial) {}
}
