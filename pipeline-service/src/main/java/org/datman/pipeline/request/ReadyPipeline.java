package org.datman.pipeline.request;

import org.datman.contracts.event.Reason;
import org.datman.contracts.study.PipelineRule;
import org.datman.pipeline.boutiques.Tool;
import org.jspecify.annotations.Nullable;

/**
 * A rule with its tool.
 *
 * @param tool null when the tool or the rule is faulty
 * @param image the image in which the tool runs, by its digest; null when it runs in none
 * @param fault what is faulty, or null
 */
record ReadyPipeline(
        PipelineRule rule,
        @Nullable Tool tool,
        @Nullable String image,
        @Nullable Reason fault) {}
