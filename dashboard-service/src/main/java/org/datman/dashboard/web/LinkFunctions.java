package org.datman.dashboard.web;

import io.quarkus.qute.TemplateExtension;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.ToolMeasure;
import org.datman.dashboard.projection.MetricValue;

/** {@link Links} in templates: {@code {link:session(key)}}. */
@TemplateExtension(namespace = "link")
final class LinkFunctions {

    private LinkFunctions() {}

    static String session(String key) {
        return Links.session(key);
    }

    static String series(String key, String scan) {
        return Links.series(key, scan);
    }

    static String study(String study) {
        return Links.study(study);
    }

    static String pipelines(String study) {
        return Links.pipelines(study);
    }

    static String log(String key, String pipeline) {
        return Links.log(key, pipeline);
    }

    static String measure(PipelineUpdated run, ToolMeasure measure) {
        return Links.measure(run.study(), MetricValue.tag(run), MetricValue.key(measure));
    }

    static String file(String path, String sha256) {
        return Links.file(path, sha256);
    }

    static String part(String text) {
        return Links.part(text);
    }
}
