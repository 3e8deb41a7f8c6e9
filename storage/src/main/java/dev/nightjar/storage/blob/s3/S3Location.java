package dev.nightjar.storage.blob.s3;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a repository lies in an object store: {@code s3://bucket/prefix?endpoint=https://host:port&region=eu-central-1&path-style=true}. Immutable; holds no secrets.
 *
 * @param bucket the bucket, which must exist
 * @param prefix what all names begin with: empty, or ends with a slash
 * @param endpoint the store; null for Amazon's
 * @param region the region; stores that know none take any
 * @param pathStyle whether the bucket stands in the path of requests instead of in the host's name; unless said otherwise, with an endpoint
 */
public record S3Location(
        String bucket, String prefix, @Nullable URI endpoint, String region, boolean pathStyle) {

    private static final String DEFAULT_REGION = "us-east-1";
    private static final String PATH_STYLE = "path-style";
    private static final Set<String> PARAMETERS = Set.of("endpoint", "region", PATH_STYLE);

    /** Whether a text is meant to be one. */
    public static boolean isS3(String text) {
        return text.startsWith("s3:");
    }

    /**
     * Reads a URI.
     *
     * @throws StorageException INVALID_ARGUMENT
     */
    public static S3Location parse(String text) {
        try {
            URI uri = new URI(text);
            String bucket = uri.getAuthority();
            if (!"s3".equals(uri.getScheme())
                    || bucket == null
                    || !bucket.matches("[a-z0-9][a-z0-9._-]{1,62}")
                    || uri.getFragment() != null) {
                throw invalid(text, null);
            }
            Map<String, String> parameters = parameters(uri.getRawQuery(), text);
            String endpoint = parameters.get("endpoint");
            return new S3Location(
                    bucket,
                    prefix(uri.getPath(), text),
                    endpoint == null ? null : endpoint(endpoint, text),
                    parameters.getOrDefault("region", DEFAULT_REGION),
                    pathStyle(parameters, text));
        } catch (URISyntaxException e) {
            throw invalid(text, e);
        }
    }

    /** The URI that {@link #parse} reads. */
    public String uri() {
        StringBuilder uri = new StringBuilder("s3://" + bucket + "/" + prefix.replaceAll("/$", ""));
        uri.append("?region=").append(URLEncoder.encode(region, StandardCharsets.UTF_8));
        if (endpoint != null) {
            uri.append("&endpoint=").append(URLEncoder.encode(endpoint.toString(), StandardCharsets.UTF_8));
        }
        return uri.append("&" + PATH_STYLE + "=").append(pathStyle).toString();
    }

    @Override
    public String toString() {
        return "s3://" + bucket + "/" + prefix + (endpoint == null ? "" : " at " + endpoint);
    }

    private static String prefix(String path, String text) {
        String stripped = path.replaceAll("^/+|/+$", "");
        if (!stripped.matches("([A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*)?") || stripped.contains("..")) {
            throw invalid(text, null);
        }
        return stripped.isEmpty() ? "" : stripped + "/";
    }

    private static boolean pathStyle(Map<String, String> parameters, String text) {
        return switch (parameters.getOrDefault(PATH_STYLE, String.valueOf(parameters.containsKey("endpoint")))) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid(text, null);
        };
    }

    private static URI endpoint(String endpoint, String text) throws URISyntaxException {
        URI uri = new URI(endpoint);
        boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!web || uri.getHost() == null || uri.getUserInfo() != null) {
            throw invalid(text, null);
        }
        return uri;
    }

    private static Map<String, String> parameters(@Nullable String query, String text) {
        Map<String, String> parameters = new HashMap<>();
        if (query != null) {
            for (String pair : query.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
                if (!PARAMETERS.contains(name) || value.isEmpty() || parameters.put(name, value) != null) {
                    throw invalid(text, null);
                }
            }
        }
        return parameters;
    }

    private static StorageException invalid(String text, @Nullable Throwable cause) {
        return new StorageException(
                StorageErrorCode.INVALID_ARGUMENT,
                "not the address of a bucket: " + text,
                "Write s3://bucket/prefix?endpoint=https://host:port&region=name; access keys do not belong there.",
                cause);
    }
}
