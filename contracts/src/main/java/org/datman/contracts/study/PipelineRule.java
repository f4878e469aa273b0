package org.datman.contracts.study;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.event.WithBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A tool to be run on sessions, and its requirements.
 *
 * @param descriptor Boutiques descriptor, a path relative to the folder of the configuration; of a manual step {@link #MANUAL} and the ids of the
 *     inputs that it hands on
 * @param manual what a person is to do with its inputs, in words; empty text for a tool
 * @param inputs Boutiques input id to what it gets
 * @param parameters Boutiques input id to a fixed value
 * @param verdict the worst verdict that its inputs may have
 * @param sessionChecked whether the session must have been found complete
 * @param signedOff whether a person must have signed the session off
 * @param since only sessions that were scanned on that day or later; null: all
 * @param runner where it runs; null where the installation's setting says
 * @param container in what its tool runs; null where the installation's setting says
 * @param signedBy public key with which the image of its container must be signed, a path relative to the folder of the
 *     configuration; empty: no signature is asked for
 * @param fieldMaps tags of which each image that enters by the BIDS dataset must have a field map that fits
 * @param defaced output id of the descriptor that is the image without the face; empty for a tool that does not deface
 * @param schedule in which order and when its runs start
 */
@WithBuilder
public record PipelineRule(
        String name,
        String descriptor,
        String manual,
        Map<String, Input> inputs,
        Map<String, JsonNode> parameters,
        RequiredVerdict verdict,
        boolean sessionChecked,
        boolean signedOff,
        @Nullable LocalDate since,
        AppliesTo appliesTo,
        @Nullable Runner runner,
        @Nullable Container container,
        String signedBy,
        Set<String> fieldMaps,
        String defaced,
        PipelineSchedule schedule) {

    /** How the descriptor of a manual step begins, as of no file. */
    public static final String MANUAL = "manual:";

    /** Where tools run. */
    public enum Runner {
        LOCAL,
        SLURM,
        SGE,
        KUBERNETES
    }

    /** In what tools run: as they are installed, or in a container of this program. */
    public enum Container {
        NONE,
        PODMAN,
        DOCKER,
        APPTAINER
    }

    /** What an input of the tool gets. */
    public sealed interface Input {}

    /**
     * A file of the series of a tag.
     *
     * @param role {@code nii}, {@code json}, {@code bval}, {@code bvec} or {@code dcm}
     * @param optional whether the tool runs without it when the session has no such series
     * @param atLeast 0: of the one image of the tag; else of each of its images, of which there must be so many
     */
    public record TagFile(String tag, String role, boolean optional, int atLeast) implements Input {

        /** Of the one image of a tag, which the session must have. */
        public TagFile(String tag, String role) {
            this(tag, role, false, 0);
        }

        /** Whether it is the files of all images of the tag. */
        public boolean all() {
            return atLeast > 0;
        }
    }

    /**
     * An output of another pipeline of the study.
     *
     * @param output its id in the descriptor of that pipeline
     * @param all of all sessions of the participant, and not of the same session
     */
    public record PipelineOutput(String pipeline, String output, boolean all) implements Input {

        /** Of the same session. */
        public PipelineOutput(String pipeline, String output) {
            this(pipeline, output, false);
        }
    }

    /**
     * Files of the field map that fits the image of a tag which the tool gets, too.
     *
     * @param target the tag of that image
     * @param tag of the images of the field map, or empty text for all of them, a list
     * @param role as of a {@link TagFile}
     */
    public record FieldMapFile(String target, String tag, String role) implements Input {

        /** Whether it is the files of all its images. */
        public boolean all() {
            return tag.isEmpty();
        }
    }

    /**
     * Files of the session that are no series.
     *
     * @param optional whether the tool runs without them when there are none
     * @param atLeast 0: the one file that there is; else all of them, of which there must be so many
     */
    public record PairedInput(PairedData data, boolean optional, int atLeast) implements Input {

        /** Whether it is all of them. */
        public boolean all() {
            return atLeast > 0;
        }
    }

    /** The session as a BIDS dataset. */
    public record BidsInput() implements Input {}

    /** A name of the session. */
    public record SessionLabel(Label label) implements Input {}

    /** The names of a session: DATMAN's, that of its subject, and the labels in BIDS, without {@code sub-} and {@code ses-}. */
    public enum Label {
        NAME,
        SUBJECT,
        BIDS_SUBJECT,
        BIDS_SESSION
    }

    public PipelineRule {
        inputs = Map.copyOf(inputs);
        parameters = Map.copyOf(parameters);
        fieldMaps = Set.copyOf(fieldMaps);
    }

    /** Whether a person does it, and no tool. */
    public boolean isManual() {
        return !manual.isEmpty();
    }

    /** Whether it removes faces: it is run on each image of its tag then, each time under a name of its own. */
    public boolean defaces() {
        return !defaced.isEmpty();
    }

    /** The same rule for one image of its tag. */
    public PipelineRule of(String stem) {
        return PipelineRuleBuilder.builder(this).name(name + ":" + stem).build();
    }

    /** Whether a run of that name is of this rule. */
    public boolean isOf(String pipeline) {
        return pipeline.equals(name) || defaces() && pipeline.startsWith(name + ":");
    }

    /** The rule among these of which a run of that name is. */
    public static Optional<PipelineRule> find(List<PipelineRule> rules, String pipeline) {
        return rules.stream().filter(rule -> rule.isOf(pipeline)).findFirst();
    }

    /** These rules, each after those whose outputs it gets; those in a cycle last. */
    public static List<PipelineRule> inOrder(List<PipelineRule> rules) {
        List<PipelineRule> left = new ArrayList<>(rules);
        List<PipelineRule> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            Set<String> pending = left.stream().map(PipelineRule::name).collect(Collectors.toSet());
            List<PipelineRule> next = left.stream()
                    .filter(rule -> rule.pipelines().stream().noneMatch(pending::contains))
                    .toList();
            if (next.isEmpty()) {
                ordered.addAll(left);
                break;
            }
            ordered.addAll(next);
            left.removeAll(next);
        }
        return List.copyOf(ordered);
    }

    /** The pipelines whose outputs it gets. */
    public SortedSet<String> pipelines() {
        return inputsOf(PipelineOutput.class)
                .map(PipelineOutput::pipeline)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether it runs once for a participant, with the first session, on outputs of all sessions. */
    public boolean perParticipant() {
        return inputsOf(PipelineOutput.class).anyMatch(PipelineOutput::all);
    }

    /** The pipelines whose outputs of all sessions of the participant it gets. */
    public SortedSet<String> ofAllSessions() {
        return inputsOf(PipelineOutput.class)
                .filter(PipelineOutput::all)
                .map(PipelineOutput::pipeline)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether it gets the session as a BIDS dataset. */
    public boolean needsBids() {
        return inputsOf(BidsInput.class).findAny().isPresent();
    }

    /** Whether what it gets follows from the BIDS dataset of the session: the dataset itself, or field maps, which are found with it. */
    public boolean needsPlaceInBids() {
        return needsBids() || inputsOf(FieldMapFile.class).findAny().isPresent();
    }

    /** Whether it gets files of the session that are no series. */
    public boolean needsPairedData() {
        return inputsOf(PairedInput.class).findAny().isPresent();
    }

    /** The tags of which it gets files. */
    public SortedSet<String> tags() {
        return inputsOf(TagFile.class).map(TagFile::tag).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The files of a tag that it gets. */
    public List<TagFile> files(String tag) {
        return inputsOf(TagFile.class).filter(file -> file.tag().equals(tag)).toList();
    }

    private <T extends Input> Stream<T> inputsOf(Class<T> kind) {
        return inputs.values().stream().filter(kind::isInstance).map(kind::cast);
    }
}
