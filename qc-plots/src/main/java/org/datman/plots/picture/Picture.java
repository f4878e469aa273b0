package org.datman.plots.picture;

import java.util.Arrays;
import java.util.Objects;

/**
 * One picture.
 *
 * @param fileName e.g. {@code mosaic.png}; lower case, no folders
 * @param title a few words
 * @param whatToLookFor one sentence for the rater
 * @param bytes the file
 */
public record Picture(String fileName, String title, String whatToLookFor, byte[] bytes) {

    public Picture {
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(whatToLookFor, "whatToLookFor");
        if (!fileName.matches("[a-z0-9_-]+\\.(png|svg|html)")) {
            throw new IllegalArgumentException("not a picture's file name: " + fileName);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Picture p && fileName.equals(p.fileName) && Arrays.equals(bytes, p.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * fileName.hashCode() + Arrays.hashCode(bytes);
    }
}
