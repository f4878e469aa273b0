package org.datman.pipeline.request;

import java.util.HashMap;
import java.util.Map;
import org.datman.contracts.study.PipelineRule;
import org.datman.pipeline.boutiques.Tool;
import org.datman.pipeline.selection.Selection;
import org.jspecify.annotations.Nullable;

/**
 * What run a rule wants of a session. Pure.
 *
 * @param parameters of the rule, and names of the session
 */
record RunIdentity(Map<String, String> parameters, String runKey) {

    RunIdentity {
        parameters = Map.copyOf(parameters);
    }

    /** @param image in which the tool runs, or null */
    static RunIdentity of(PipelineRule rule, Tool tool, @Nullable String image, Selection.Runnable runnable) {
        Map<String, String> parameters = new HashMap<>(PipelineRules.parameters(rule));
        parameters.putAll(runnable.labels());
        return new RunIdentity(
                parameters,
                ToolRunKey.of(
                        tool.descriptor().name(),
                        tool.descriptor().toolVersion(),
                        tool.sha256(),
                        parameters,
                        runnable.inputs(),
                        runnable.sets(),
                        image));
    }
}
