package org.datman.contracts.study;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which behavioural files are the events of the runs of a tag, and how they are read.
 *
 * @param file found anywhere in the name of the file; a group in it is the number of the run
 * @param folder found anywhere in the label of its folder on XNAT; null: any folder
 * @param delimiter between columns; null: a tab in {@code .tsv} and {@code .txt}, else a comma
 * @param onset name of the column of onsets
 * @param duration name of the column of durations
 * @param unit of onsets, durations and offset
 * @param offset the time of the first volume in the file's own clock and unit: a number, or a column of which the first value counts
 * @param columns further columns to keep besides those that BIDS defines
 */
public record EventsRule(
        Pattern file,
        @Nullable Pattern folder,
        @Nullable Delimiter delimiter,
        String onset,
        String duration,
        Unit unit,
        String offset,
        List<String> columns) {

    /** Between columns. */
    public enum Delimiter {
        TAB,
        COMMA,
        SEMICOLON
    }

    /** Of times. */
    public enum Unit {
        S,
        MS
    }

    public EventsRule {
        columns = List.copyOf(columns);
    }

    /** Whether a file of a folder on XNAT is one. */
    public boolean matches(String label, String name) {
        return file.matcher(name).find()
                && (folder == null || folder.matcher(label).find());
    }

    /** The number of the run that the name of a file gives; empty when it gives none. */
    public Optional<Integer> run(String name) {
        Matcher matcher = file.matcher(name);
        if (!matcher.find() || matcher.groupCount() == 0 || matcher.group(1) == null) {
            return Optional.empty();
        }
        String digits = matcher.group(1);
        return digits.matches("[0-9]{1,4}") ? Optional.of(Integer.valueOf(digits)) : Optional.empty();
    }

    /** The delimiter of a file. */
    public char delimiter(String name) {
        if (delimiter != null) {
            return switch (delimiter) {
                case TAB -> '\t';
                case COMMA -> ',';
                case SEMICOLON -> ';';
            };
        }
        return name.endsWith(".tsv") || name.endsWith(".txt") ? '\t' : ',';
    }
}
