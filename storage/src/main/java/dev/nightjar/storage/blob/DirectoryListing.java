package dev.nightjar.storage.blob;

import dev.nightjar.storage.StorageException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * Lists the blobs of a directory, one subdirectory at a time: memory is bounded by the largest of them. Files that cannot be blobs, {@code tmp/} above all, are not
 * seen. Every method throws {@link StorageException} for what cannot be read.
 */
record DirectoryListing(Path root, FileFailure failure) {

    Stream<BlobInfo> blobs(String prefix) {
        String directory = prefix.substring(0, prefix.lastIndexOf('/') + 1);
        return below(directory, prefix);
    }

    private Stream<BlobInfo> below(String directory, String prefix) {
        return names(directory).stream().flatMap(entry -> {
            String name = directory + entry;
            boolean wanted = name.length() < prefix.length() ? prefix.startsWith(name) : name.startsWith(prefix);
            return wanted && BlobName.isValid(name) ? entry(name, prefix) : Stream.empty();
        });
    }

    private Stream<BlobInfo> entry(String name, String prefix) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(root.resolve(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isDirectory()) {
                return below(name + "/", prefix);
            }
            return attributes.isRegularFile() && name.startsWith(prefix)
                    ? Stream.of(new BlobInfo(name, attributes.size()))
                    : Stream.empty();
        } catch (NoSuchFileException e) {
            return Stream.empty();
        } catch (IOException e) {
            throw failure.reading(name, e);
        }
    }

    private List<String> names(String directory) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.resolve(directory))) {
            for (Path entry : entries) {
                names.add(String.valueOf(entry.getFileName()));
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw failure.reading(directory, new IOException(e));
        } catch (IOException e) {
            throw failure.reading(directory, e);
        }
        Collections.sort(names);
        return names;
    }
}
