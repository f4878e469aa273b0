package org.datman.contracts.study;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
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
 */
public record PipelineRule(
        String name,
        String descriptor,
        Map<String, Input> inputs,
        Map<String, JsonNode> parameters,
        RequiredVerdict verdict,
        boolean sessionChecked,
        AppliesTo appliesTo,
        @Nullable Runner runner) {

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

    /** The tags that a session must have. */
    public SortedSet<String> tags() {
        return inputs.values().stream().map(Input::tag).collect(Collectors.toCollection(TreeSet::new));
    }
}
