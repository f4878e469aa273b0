package org.datman.contracts.metric;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How an image is measured: {@code QcType} of a study file for people, {@code QcPha} for phantoms. */
public enum QcKind {
    ANAT,
    BOLD,
    DWI,
    FBIRN,
    ADNI,
    DTI_PHANTOM,
    ACR,
    /** A field map: measured as any other image. */
    FMAP,
    /** Not measured. */
    IGNORE,
    /** What every image has. Study files do not name it. */
    OTHER;

    private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As written in YAML, in events and in metrics.json: {@code dti-phantom}. */
    public String key() {
        return key;
    }

    /** The kind of that key. */
    public static Optional<QcKind> find(String key) {
        return Arrays.stream(values()).filter(kind -> kind.key().equals(key)).findFirst();
    }

    /**
     * The kind of that key.
     *
     * @throws IllegalArgumentException if there is none; the message names those that there are
     */
    public static QcKind of(String key) {
        return find(key)
                .orElseThrow(() -> new IllegalArgumentException("QC kind '" + key + "' is not known; kinds are "
                        + Arrays.stream(values()).map(QcKind::key).collect(Collectors.joining(", "))));
    }

    /** The kind by whose metrics an image of this kind is measured. */
    public QcKind measuredAs() {
        return this == FMAP ? OTHER : this;
    }

    /** The key, so that messages read as files do. */
    @Override
    public String toString() {
        return key();
    }
}
