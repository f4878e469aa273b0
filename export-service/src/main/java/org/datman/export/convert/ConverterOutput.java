package org.datman.export.convert;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What dcm2niix's output says.
 *
 * @param convertedFiles sum over its "Convert N DICOM" lines; a multi-frame file that gives several images counts for each
 * @param faults lines that tell of input that gave no image, without repetitions
 * @param warnings the other lines that warn
 * @param lines all lines that say anything
 */
public record ConverterOutput(int convertedFiles, List<String> faults, List<String> warnings, List<String> lines) {

    private static final Pattern CONVERTED = Pattern.compile("^Convert (\\d+) DICOM");
    private static final Pattern FAULT = Pattern.compile(
            "(?i)unsupported transfer syntax|missing images|^error|^unable|no valid dicom|out of memory|failed to|corrupt"
                    // Said when slices are missing from a volume: it then writes the image as it is and a resampled
                    // copy.
                    + "|interslice distance varies");
    private static final Pattern WARNING = Pattern.compile("(?i)warning|may be missing|not stacked|skipping|ignoring");
    private static final Pattern NOISE =
            Pattern.compile("^(Chris Rorden|Found \\d+ DICOM|Conversion required|Hint:|Convert \\d+)");

    /** Reads the output. */
    public static ConverterOutput parse(String output) {
        int converted = 0;
        Map<String, Integer> faults = new LinkedHashMap<>();
        Map<String, Integer> warnings = new LinkedHashMap<>();
        List<String> lines = new ArrayList<>();
        for (String raw : output.split("\\R")) {
            String line = raw.strip();
            if (line.isEmpty()) {
                continue;
            }
            lines.add(line);
            Matcher count = CONVERTED.matcher(line);
            if (count.find()) {
                converted += Integer.parseInt(count.group(1));
            } else if (FAULT.matcher(line).find()) {
                faults.merge(line, 1, Integer::sum);
            } else if (WARNING.matcher(line).find()) {
                warnings.merge(line, 1, Integer::sum);
            }
        }
        return new ConverterOutput(converted, counted(faults), counted(warnings), lines);
    }

    private static List<String> counted(Map<String, Integer> lines) {
        return lines.entrySet().stream()
                .map(line -> line.getValue() == 1 ? line.getKey() : line.getKey() + " (" + line.getValue() + " times)")
                .toList();
    }

    /** The line that best tells why nothing came out. */
    public Optional<String> tellingLine() {
        return faults.stream().findFirst().or(() -> lines.stream()
                .filter(line -> !NOISE.matcher(line).find())
                .findFirst());
    }
}
