package org.datman.ingest.read;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesDiscovered.HeaderSource;
import org.datman.contracts.study.HeaderKeywords;
import org.datman.imaging.dicom.DicomHeader;
import org.jspecify.annotations.Nullable;

/**
 * The facts of one DICOM header of a series: {@link HeaderKeywords#CARRIED}, what the rules of the study look at, and nothing
 * that may describe a person.
 *
 * @param values by keyword, several values joined with a backslash; empty text: needed by a rule and not in the file
 * @param uid SeriesInstanceUID
 * @param problem why the header could not be read
 * @param source how it was read; null unless DICOMweb is wanted
 */
public record HeaderFacts(
        Map<String, String> values,
        @Nullable String uid,
        @Nullable Reason problem,
        @Nullable HeaderSource source) {

    static final HeaderFacts NONE = new HeaderFacts(Map.of(), null, null, null);

    public static final String STUDY_UID = "StudyInstanceUID";
    private static final DateTimeFormatter DICOM_DATE =
            DateTimeFormatter.ofPattern("uuuuMMdd", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
    private static final int LONGEST_IS = 12;
    private static final String INSTANCE_UID = "SeriesInstanceUID";

    public HeaderFacts {
        // A NUL says nothing, and PostgreSQL has none in its texts: the stored series would differ from the read one
        // for ever.
        values = values.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, value -> value.getValue().replace("\0", "")));
    }

    /**
     * The facts of a header.
     *
     * @param needed further keywords that the rules of the study look at
     */
    static HeaderFacts of(DicomHeader header, Set<String> needed) {
        Map<String, String> values = new TreeMap<>(header.texts(HeaderKeywords.CARRIED));
        needed.forEach(keyword -> values.put(keyword, ""));
        values.putAll(header.texts(needed));
        header.string(STUDY_UID).filter(uid -> !uid.isBlank()).ifPresent(uid -> values.put(STUDY_UID, uid));
        return new HeaderFacts(
                values,
                header.string(INSTANCE_UID).filter(uid -> !uid.isBlank()).orElse(null),
                null,
                null);
    }

    /**
     * The keywords that {@link #of} looks at.
     *
     * @param needed further ones that the rules of the study look at
     */
    static Set<String> keywords(Set<String> needed) {
        return Stream.of(HeaderKeywords.CARRIED, needed, List.of(STUDY_UID, INSTANCE_UID))
                .flatMap(Collection::stream)
                .collect(Collectors.toSet());
    }

    static HeaderFacts unreadable(Reason problem) {
        return new HeaderFacts(Map.of(), null, problem, null);
    }

    HeaderFacts from(HeaderSource how) {
        return new HeaderFacts(values, uid, problem, how);
    }

    public Optional<HeaderSource> findSource() {
        return Optional.ofNullable(source);
    }

    public Optional<String> findUid() {
        return Optional.ofNullable(uid);
    }

    public Optional<Reason> findProblem() {
        return Optional.ofNullable(problem);
    }

    /** Whether a header was read at all, so that a missing value is known to be absent. */
    public boolean isRead() {
        return !values.isEmpty();
    }

    /** Whether it is the header of an image: every image has Rows, raw data and reports do not. */
    boolean isImage() {
        return values.containsKey("Rows");
    }

    /** A whole IS: up to 12 characters, more than fits into an int. */
    public Optional<Long> seriesNumber() {
        return Optional.ofNullable(values.get("SeriesNumber"))
                .map(String::strip)
                .filter(text -> text.length() <= LONGEST_IS && text.matches("[+-]?\\d+"))
                .map(Long::valueOf);
    }

    public List<String> imageType() {
        String value = values.get("ImageType");
        return value == null ? List.of() : Arrays.asList(value.split("\\\\"));
    }

    public SortedSet<Integer> echoNumbers() {
        SortedSet<Integer> echoes = new TreeSet<>();
        for (String part : values.getOrDefault("EchoNumbers", "").split("\\\\")) {
            number(part).ifPresent(echoes::add);
        }
        return echoes;
    }

    /** The day of the scan, when the header has one: a date that was blanked (00000000) or is in no calendar is none. */
    public Optional<LocalDate> studyDate() {
        try {
            return Optional.ofNullable(values.get("StudyDate")).map(date -> LocalDate.parse(date, DICOM_DATE));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<Integer> number(String text) {
        return text != null && text.strip().matches("-?\\d{1,9}")
                ? Optional.of(Integer.valueOf(text.strip()))
                : Optional.empty();
    }
}
