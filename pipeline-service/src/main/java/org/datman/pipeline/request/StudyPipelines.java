package org.datman.pipeline.request;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.study.PipelineRule;
import org.datman.contracts.study.StudyConfiguration;

/**
 * The pipelines of a study with their tools as they are now.
 *
 * @param pipelines each after those whose outputs it gets
 * @param revision changes when the study, a descriptor, or the image in which a tool runs has changed
 */
record StudyPipelines(StudyConfiguration study, List<ReadyPipeline> pipelines, String revision) {

    StudyPipelines {
        pipelines = List.copyOf(pipelines);
    }

    /** Whether one of them runs once for a participant. */
    boolean perParticipant() {
        return study.pipelines().stream().anyMatch(PipelineRule::perParticipant);
    }

    /** Those of which other sessions of the participant get results: those that run once for it, and those that these run on. */
    List<PipelineRule> shared() {
        Set<String> names = study.pipelines().stream()
                .filter(PipelineRule::perParticipant)
                .flatMap(rule -> Stream.concat(Stream.of(rule.name()), rule.ofAllSessions().stream()))
                .collect(Collectors.toSet());
        return study.pipelines().stream()
                .filter(rule -> names.contains(rule.name()))
                .toList();
    }
}
