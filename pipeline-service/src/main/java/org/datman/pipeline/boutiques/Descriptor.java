package org.datman.pipeline.boutiques;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A tool as declared by its Boutiques descriptor.
 *
 * @param file name of the descriptor, for messages
 * @param commandLine template with value keys
 * @param shell program that interprets the command line, {@code /bin/sh} where the template has what only a shell understands; when
 *     null it is split into words and run as it is
 * @param containerImage image that has the tool, or null; used only where a rule has it run in a container
 * @param errorCodes what exit codes mean
 * @param toolFiles files beside the descriptor that belong to the tool ({@code custom.datman.files}); they are in {@code tool/}
 *     during the run
 * @param measures ids of outputs that are tables of numbers ({@code custom.datman.measures})
 * @param transientCodes exit codes after which the same run may end well ({@code custom.datman.transient})
 * @param progress finds in the log what the tool says of its progress, by its only group ({@code custom.datman.progress}); null where none is
 *     given
 */
public record Descriptor(
        String file,
        String name,
        String toolVersion,
        String commandLine,
        @Nullable String shell,
        List<Input> inputs,
        List<OutputFile> outputs,
        List<Group> groups,
        Map<String, String> environment,
        @Nullable ContainerImage containerImage,
        Resources resources,
        Map<Integer, String> errorCodes,
        List<String> toolFiles,
        List<String> measures,
        List<Integer> transientCodes,
        @Nullable Pattern progress) {

    /**
     * An image that has the tool.
     *
     * @param image name, with or without a digest; of a file for Apptainer
     * @param index registry of the image, or null
     * @param hash {@code container-hash}, or null
     * @param notFollowed keys of it that ask for what DATMAN does not do
     */
    public record ContainerImage(
            String image, @Nullable String index, @Nullable String hash, List<String> notFollowed) {}

    /** The type of an input's values. */
    public enum Type {
        STRING("String"),
        FILE("File"),
        FLAG("Flag"),
        NUMBER("Number");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        /** As written in descriptors. */
        public String word() {
            return word;
        }
    }

    /**
     * An input.
     *
     * @param valueKey the placeholder it replaces in templates, or null
     * @param flag put before its value, or null
     * @param flagSeparator between flag and value; a space makes two arguments
     * @param listSeparator between the values of a list; a space makes several arguments
     * @param integer whether a number must be an integer
     * @param choices the only values; empty: any
     * @param requires inputs that must be set when this one is; of a group, at least one member
     * @param disables inputs that must not be set when this one is
     * @param valueRequires inputs that must be set when this one has a certain value, by that value
     * @param valueDisables inputs that must not be set when this one has a certain value, by that value
     * @param absolutePath whether a file is passed with its absolute path
     */
    public record Input(
            String id,
            Type type,
            @Nullable String valueKey,
            @Nullable String flag,
            String flagSeparator,
            boolean list,
            String listSeparator,
            boolean optional,
            boolean integer,
            Range range,
            Entries entries,
            List<String> choices,
            @Nullable JsonNode defaultValue,
            List<String> requires,
            List<String> disables,
            Map<String, List<String>> valueRequires,
            Map<String, List<String>> valueDisables,
            boolean absolutePath) {}

    /** Limits of a number; null where there is none. */
    public record Range(
            @Nullable BigDecimal minimum,
            boolean exclusiveMinimum,
            @Nullable BigDecimal maximum,
            boolean exclusiveMaximum) {}

    /** How many values a list may have; null where there is no limit. */
    public record Entries(@Nullable Integer min, @Nullable Integer max) {}

    /**
     * A file, folder or (with {@code list} and wildcards) several files that the tool writes.
     *
     * @param paths where it is; the first whose condition holds
     * @param strippedExtensions taken from the ends of values in the template
     * @param absolutePath whether the tool is given its absolute path
     * @param fileTemplate lines of a file that is written before the tool starts, with value keys; empty: the tool writes it
     */
    public record OutputFile(
            String id,
            String name,
            List<PathTemplate> paths,
            List<String> strippedExtensions,
            boolean optional,
            boolean list,
            @Nullable String valueKey,
            @Nullable String flag,
            String flagSeparator,
            boolean absolutePath,
            List<String> fileTemplate) {}

    /**
     * A path with value keys, relative to the folder in which the tool runs.
     *
     * @param condition null: always
     */
    public record PathTemplate(@Nullable Condition condition, String template) {}

    /** Inputs that belong together. */
    public record Group(
            String id, List<String> members, boolean mutuallyExclusive, boolean oneIsRequired, boolean allOrNone) {}

    /** What a run is expected to need, duration in s, cores, memory in GB; null where the descriptor has no estimate. */
    public record Resources(
            @Nullable Double walltimeSeconds,
            @Nullable Double cpuCores,
            @Nullable Double ramGigabytes) {}

    /** The group with that id. */
    Optional<Group> group(String id) {
        return groups.stream().filter(group -> group.id().equals(id)).findFirst();
    }

    /** The input with that id. */
    public Optional<Input> input(String id) {
        return inputs.stream().filter(input -> input.id().equals(id)).findFirst();
    }
}
