package org.datman.pipeline.request;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.event.Reason;
import org.datman.contracts.study.PipelineRule;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.pipeline.boutiques.DescriptorException;
import org.datman.pipeline.boutiques.InputValues;
import org.datman.pipeline.boutiques.Problem;
import org.datman.pipeline.boutiques.Tool;
import org.datman.pipeline.boutiques.Tools;
import org.datman.pipeline.container.Containers;
import org.datman.pipeline.container.PinnedImage;
import org.datman.platform.study.Studies;

/** The rules of the studies with the descriptors and images of their tools. Read once for the sessions that are decided together. */
@ApplicationScoped
class PipelineRules {

    private static final int SHOWN_PROBLEMS = 5;

    private final Studies studies;
    private final Tools tools;
    private final Containers containers;

    PipelineRules(Studies studies, Tools tools, Containers containers) {
        this.studies = studies;
        this.tools = tools;
        this.containers = containers;
    }

    /** Those of all studies, by study. */
    Map<String, StudyPipelines> all() {
        Map<String, StudyPipelines> all = new HashMap<>();
        studies.current().valid().forEach((code, study) -> all.put(code, of(study)));
        return all;
    }

    /** Their revisions, by study. */
    static Map<String, String> revisions(Map<String, StudyPipelines> rules) {
        return rules.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, study -> study.getValue()
                .revision()));
    }

    /** Those of one study; empty when there is no such study. */
    Optional<StudyPipelines> of(String study) {
        return studies.current().study(study).map(this::of);
    }

    /** Those of a study as it is given. */
    StudyPipelines of(StudyConfiguration study) {
        List<ReadyPipeline> pipelines = new ArrayList<>();
        StringBuilder revision = new StringBuilder(study.revision());
        for (PipelineRule rule : PipelineRule.inOrder(study.pipelines())) {
            ReadyPipeline ready = ready(rule);
            pipelines.add(ready);
            revision.append('\n').append(rule.descriptor()).append(' ');
            if (ready.tool() != null) {
                revision.append(ready.tool().sha256()).append(' ').append(ready.image());
            } else if (ready.fault() != null) {
                revision.append(ready.fault().message());
            }
        }
        return new StudyPipelines(study, pipelines, DigestUtils.sha256Hex(revision.toString()));
    }

    private ReadyPipeline ready(PipelineRule rule) {
        try {
            Tool tool = tools.load(rule.descriptor());
            if (!rule.isManual()) {
                requireFit(tool, rule);
            }
            return new ReadyPipeline(
                    rule,
                    tool,
                    containers.image(rule, tool).map(PinnedImage::text).orElse(null),
                    null);
        } catch (DescriptorException e) {
            return new ReadyPipeline(rule, null, null, faulty(e));
        }
    }

    /** Whether rule and descriptor are compatible, before any session has the files: uses placeholders. */
    private static void requireFit(Tool tool, PipelineRule rule) throws DescriptorException {
        requireFit(tool, rule, true);
        requireFit(tool, rule, false);
    }

    private static void requireFit(Tool tool, PipelineRule rule, boolean optional) throws DescriptorException {
        Map<String, List<String>> files = new HashMap<>();
        Map<String, String> values = new HashMap<>(parameters(rule));
        rule.inputs().forEach((id, input) -> {
            if (input instanceof PipelineRule.SessionLabel) {
                values.put(id, "label");
            } else if (input instanceof PipelineRule.TagFile file) {
                if (optional || !file.optional()) {
                    files.put(id, Collections.nCopies(file.all() ? Math.max(2, file.atLeast()) : 1, "file"));
                }
            } else if (input instanceof PipelineRule.PairedInput paired) {
                if (optional || !paired.optional()) {
                    files.put(id, Collections.nCopies(paired.all() ? Math.max(2, paired.atLeast()) : 1, "file"));
                }
            } else if (input instanceof PipelineRule.FieldMapFile map) {
                if (optional || !rule.files(map.target()).get(0).optional()) {
                    files.put(id, Collections.nCopies(map.all() ? 2 : 1, "file"));
                }
            } else {
                files.put(id, List.of("file"));
            }
        });
        InputValues.of(tool.descriptor(), values, files);
    }

    /** Values of a rule for inputs of its tool, as text. */
    static Map<String, String> parameters(PipelineRule rule) {
        Map<String, String> parameters = new HashMap<>();
        rule.parameters().forEach((id, value) -> parameters.put(id, InputValues.text(value)));
        return Map.copyOf(parameters);
    }

    private static Reason faulty(DescriptorException e) {
        String shown = e.problems().stream()
                .limit(SHOWN_PROBLEMS)
                .map(Problem::toString)
                .collect(Collectors.joining(". "));
        int more = e.problems().size() - SHOWN_PROBLEMS;
        return new Reason(
                "descriptor-faulty",
                more > 0 ? shown + ". And " + more + " more" : shown,
                "Correct the descriptor, or the pipeline's rule in the study file; it is read again by itself");
    }
}
