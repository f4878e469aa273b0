package org.datman.dashboard.metric;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.datman.dashboard.login.Role;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** A metric over time. */
@Path("/metrics")
@RolesAllowed(Role.VIEWER)
public class MetricPages {

    private final MetricSeries metrics;

    MetricPages(MetricSeries metrics) {
        this.metrics = metrics;
    }

    /** What is asked for; each is chosen by itself when there is but one. */
    record Asked(String study, String site, String tag, String key) {}

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance metrics(
                Asked asked, MetricSeries.Choice choice, List<MetricSeries.Point> points, Chart chart, String unit);
    }

    @GET
    @Produces(MediaType.TEXT_HTML)
    @Operation(hidden = true)
    public TemplateInstance metrics(
            @QueryParam("study") @DefaultValue("") String study,
            @QueryParam("site") @DefaultValue("") String site,
            @QueryParam("tag") @DefaultValue("") String tag,
            @QueryParam("key") @DefaultValue("") String key) {
        String theStudy = onlyOne(study, metrics.choice(study, tag).studies());
        String theTag = onlyOne(tag, metrics.choice(theStudy, tag).tags());
        MetricSeries.Choice choice = metrics.choice(theStudy, theTag);
        String theKey = choice.keys().contains(key) || choice.keys().isEmpty()
                ? key
                : choice.keys().get(0);
        List<MetricSeries.Point> points = metrics.points(theStudy, site, theTag, theKey);
        return Templates.metrics(
                new Asked(theStudy, site, theTag, theKey),
                choice,
                points,
                Chart.of(points),
                points.isEmpty() ? "" : points.get(0).unit());
    }

    private static String onlyOne(String asked, List<String> choice) {
        return asked.isEmpty() && !choice.isEmpty() ? choice.get(0) : asked;
    }
}
