package org.datman.contracts.study;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A tool to be run on sessions, and its requirements.
 *
 * @param descriptor Boutiques descriptor, a path relative to the folder of the configuration
 * @param inputs Boutiques input id to the file of a tag that it gets
 * @param parameters Boutiques input id to a fixed value
 * @param verdict the worst verdict that its inputs may have
 * @param sessionChecked whether the session must have been found complete
 * @param runner where it runs; null where the installation's setting says
 * @param defaced output id of the descriptor that is the image without the face; empty for a tool that does not deface
 */
public record PipelineRule(
        String name,
        String descriptor,
        Map<String, Input> inputs,
        Map<String, JsonNode> parameters,
        RequiredVerdict verdict,
        boolean sessionChecked,
        AppliesTo appliesTo,
        @Nullable Runner runner,
        String defaced) {

    /** Where tools run. */
    public enum Runner {
        LOCAL,
        SLURM
    }

    /** The file of a tag's series: {@code nii}, {@code json}, {@code bval}, {@code bvec} or {@code dcm}. */
    public record Input(String tag, String role) {}

    public PipelineRule {
        inputs = Map.copyOf(inputs);
        parameters = Map.copyOf(parameters);
    }

    /** Whether it removes faces: it is run on each image of its tag then, each time under a name of its own. */
    public boolean defaces() {
        return !defaced.isEmpty();
    }

    /** The same rule for one image of its tag. */
    public PipelineRule of(String stem) {
        return new PipelineRule(
                name + ":" + stem, descriptor, inputs, parameters, verdict, sessionChecked, appliesTo, runner, defaced);
    }

    /** Whether a run of that name is of this rule. */
    public boolean isOf(String pipeline) {
        return pipeline.equals(name) || defaces() && pipeline.startsWith(name + ":");
    }

    /** The rule among these of which a run of that name is. */
    public static Optional<PipelineRule> find(List<PipelineRule> rules, String pipeline) {
        return rules.stream().filter(rule -> rule.isOf(pipeline)).findFirst();
    }

    /** The tags that a session must have. */
    public SortedSet<String> tags() {
        return inputs.values().stream().map(Input::tag).collect(Collectors.toCollection(TreeSet::new));
    }
}
