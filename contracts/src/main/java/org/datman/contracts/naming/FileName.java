package org.datman.contracts.naming;

import java.util.Arrays;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The name of a series' files without extension: {@code <id>_<tag>_<series>_<description>}, at most {@value
 * #MAX_STEM} characters, all ASCII. File systems allow 255 bytes; the rest is for extensions and QC endings.
 *
 * @param id a session: a human id with repeat, or a phantom id
 * @param tag the kind of series, for example {@code T1}
 * @param series the series number as written, at least two digits when written by {@link #of}
 * @param description letters, digits and {@code . + - _}; may be empty
 */
public record FileName(DatmanId id, String tag, String series, String description) {

    public static final int MAX_STEM = 200;

    private static final String SHAPE = "<id>_<tag>_<series>_<description>[extension]";
    private static final Pattern DESCRIPTION = Pattern.compile("[A-Za-z0-9.+_-]*");
    private static final Pattern LOOK_ALIKE = Pattern.compile("(?i)\\.(" + Extension.ALTERNATIVES + ")");

    /** @throws NamingException when a part is outside the grammar, or the whole is too long */
    public FileName {
        String stem = id.sessionName() + "_" + tag + "_" + series + "_" + description;
        Fields.tag(stem, tag);
        Fields.series(stem, series);
        Fields.match(stem, "description", DESCRIPTION, description, "letters, digits and . + - _");
        if (LOOK_ALIKE.matcher(description).find()) {
            throw new NamingException(
                    stem,
                    "description",
                    "'" + description + "' holds something like an extension",
                    "one extension at the very end of " + String.join(" ", Extension.KNOWN));
        }
        if (stem.length() > MAX_STEM) {
            throw new NamingException(stem, "name", "is " + stem.length() + " characters long", "at most " + MAX_STEM);
        }
    }

    /**
     * The name for a series from the scanner's description: the series number padded to two digits, the description
     * {@linkplain Description#mangle mangled} and, where the whole would be too long, shortened with a hash at its end.
     */
    public static FileName of(DatmanId id, String tag, long series, String rawDescription) {
        if (series < 0) {
            throw new NamingException(Long.toString(series), "series", "is negative", "0 or more");
        }
        String number = series < 10 ? "0" + series : Long.toString(series);
        int room = MAX_STEM - (id.sessionName() + "_" + tag + "_" + number + "_").length();
        return new FileName(id, tag, number, Description.shorten(Description.mangle(rawDescription), room));
    }

    /** Reads a file name, with or without folder and extension. */
    public static FileName parse(String text) {
        if (text == null || text.isBlank()) {
            throw new NamingException(text, "name", "is empty", SHAPE);
        }
        String name = text.strip();
        name = name.substring(name.lastIndexOf('/') + 1);
        String stem = Extension.of(name).map(withoutEnd(name)).orElse(name);
        String[] f = stem.split("_", -1);
        int idFields = f.length > 2 && f[2].equals("PHA") ? 4 : 5;
        if (f.length < idFields + 3) {
            throw new NamingException(
                    name, "name", "has too few fields", SHAPE + "; the description may be empty, its underscore not");
        }
        try {
            DatmanId id = DatmanIds.parse(join(f, 0, idFields), IdType.DATMAN, IdMap.NONE);
            return new FileName(id, f[idFields], f[idFields + 1], join(f, idFields + 2, f.length));
        } catch (NamingException e) {
            throw e.within(name);
        }
    }

    /** The name without extension. */
    public String stem() {
        return scanName() + "_" + description;
    }

    /** The stem and an extension such as {@code .nii.gz}. */
    public String withExtension(String extension) {
        if (!Extension.KNOWN.contains(extension)) {
            throw new NamingException(extension, "extension", "is not known", String.join(" ", Extension.KNOWN));
        }
        return stem() + extension;
    }

    /** The series' name without description, as databases key it. */
    public String scanName() {
        return id.sessionName() + "_" + tag + "_" + series;
    }

    public long seriesNumber() {
        return Long.parseLong(series);
    }

    @Override
    public String toString() {
        return stem();
    }

    private static Function<String, String> withoutEnd(String name) {
        return extension -> name.substring(0, name.length() - extension.length());
    }

    private static String join(String[] fields, int from, int to) {
        return String.join("_", Arrays.asList(fields).subList(from, to));
    }
}
