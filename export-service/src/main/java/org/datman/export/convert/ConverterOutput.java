package org.datman.export.convert;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The parsed output of dcm2niix.
 *
 * @param convertedFiles sum over its "Convert N DICOM" lines; a multi-frame file that becomes several images counts for each
 * @param faults lines that report input without an image, without repetitions
 * @param warnings the other warning lines
 * @param doubts those of the faults that report a created but doubtful image
 * @param lines all non-empty lines
 */
public record ConverterOutput(
        int convertedFiles, List<String> faults, List<String> doubts, List<String> warnings, List<String> lines) {

    private static final Pattern LINE_BREAK = Pattern.compile("\\R");
    private static final Pattern CONVERTED = Pattern.compile("^Convert (\\d+) DICOM");
    private static final Pattern FAULT = Pattern.compile(
            "(?i)unsupported transfer syntax|missing images|^error|^unable|no valid dicom|out of memory|failed to|corrupt"
                    // Printed when slices are missing from a volume: it then writes the image unchanged and a resampled
                    // copy.
                    + "|interslice distance varies");
    /**
     * Printed with exit code 0. "Missing images", "Interslice distance varies" and "not divisible" appear with lost slices,
     * "DUPLICATES REMOVED" when images that are not copies look identical to it, "Guessing this is a mosaic" when the number of slices
     * was guessed from the header (v1.0.20220720 and v1.0.20241211).
     */
    private static final Pattern DOUBT = Pattern.compile(
            "(?i)missing images|interslice distance varies|unsupported transfer syntax"
                    + "|duplicates removed|guessing this is a mosaic|not divisible by number of repeats|slice positions repeated");

    /** Names of files in the work directory: meaningless outside. */
    private static final Pattern WORK_FILE = Pattern.compile("'?(?<![\\w.])(?:\\S*/)?(?:in|out)/[^\\s'\"]+'?");

    /** Advice for developers of dcm2niix, not for readers of the message. */
    private static final Pattern NOT_FOR_US = Pattern.compile("(?i)recompil");

    private static final Pattern WARNING = Pattern.compile("(?i)warning|may be missing|not stacked|skipping|ignoring");
    private static final Pattern NOISE =
            Pattern.compile("^(Chris Rorden|Found \\d+ DICOM|Conversion required|Hint:|Convert \\d+)");

    /** Maximum number of distinct lines that are kept. */
    private static final int MOST_LINES = 10_000;

    /** Reads the output completely, whatever its length: the conversions are reported at the end. */
    static ConverterOutput read(Path log) throws IOException {
        // Unlike Files.lines, a reader accepts bytes that are not UTF-8.
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(Files.newInputStream(log), StandardCharsets.UTF_8))) {
            return parse(reader.lines());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Parses such output. */
    static ConverterOutput parse(String output) {
        return parse(output.lines());
    }

    private static ConverterOutput parse(Stream<String> output) {
        int converted = 0;
        Map<String, Integer> faults = new LinkedHashMap<>();
        Map<String, Integer> warnings = new LinkedHashMap<>();
        List<String> lines = new ArrayList<>();
        for (String raw : (Iterable<String>) output.flatMap(LINE_BREAK::splitAsStream)::iterator) {
            String line = WORK_FILE.matcher(raw.strip()).replaceAll("a file of the series");
            if (line.isEmpty() || NOT_FOR_US.matcher(line).find() && !line.contains("Unsupported transfer syntax")) {
                continue;
            }
            if (lines.size() < MOST_LINES) {
                lines.add(line);
            }
            Matcher count = CONVERTED.matcher(line);
            if (count.find()) {
                converted += Integer.parseInt(count.group(1));
            } else if (FAULT.matcher(line).find() || DOUBT.matcher(line).find()) {
                count(faults, line);
            } else if (WARNING.matcher(line).find()) {
                count(warnings, line);
            }
        }
        List<String> all = counted(faults);
        return new ConverterOutput(
                converted,
                all,
                all.stream().filter(line -> DOUBT.matcher(line).find()).toList(),
                counted(warnings),
                lines);
    }

    private static void count(Map<String, Integer> lines, String line) {
        if (lines.size() < MOST_LINES || lines.containsKey(line)) {
            lines.merge(line, 1, Integer::sum);
        }
    }

    private static List<String> counted(Map<String, Integer> lines) {
        return lines.entrySet().stream()
                .map(line -> line.getValue() == 1 ? line.getKey() : line.getKey() + " (" + line.getValue() + " times)")
                .toList();
    }

    /** The line that best explains why no image was created. */
    public Optional<String> errorLine() {
        return faults.stream().findFirst().or(() -> lines.stream()
                .filter(line -> !NOISE.matcher(line).find())
                .findFirst());
    }
}
