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
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.contracts.metric.MetricDefinition;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.metric.MetricSeries.Choice;
import org.datman.dashboard.metric.MetricSeries.GoldChange;
import org.datman.dashboard.metric.MetricSeries.Point;
import org.datman.dashboard.projection.MetricValue;
import org.datman.dashboard.web.BadParameterException;
import org.datman.dashboard.web.Links;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** A metric over the years. */
@Path("/metrics")
@RolesAllowed(Role.VIEWER)
public class MetricPages {

    private static final int ROWS = 500;

    private final MetricSeries metrics;
    private final Clock clock;

    MetricPages(MetricSeries metrics, Clock clock) {
        this.metrics = metrics;
        this.clock = clock;
    }

    /** The selection; each value is chosen automatically when there is only one. Empty days mean no limit. */
    record Asked(String study, String site, String tag, String key, String from, String to) {}

    /**
     * The content of the page.
     *
     * @param meaning the description of the metric, and its good side
     * @param phantoms charts of phantoms, which are not compared with people
     * @param newest rows of the table, newest first
     * @param count readings in the window
     * @param cut whether there are more readings than are judged at once
     * @param earlier address of the window before
     * @param all address without a window
     * @param later address of the window after
     */
    record MetricChoice(
            String unit,
            String meaning,
            List<Trend> phantoms,
            List<Trend> people,
            List<Point> newest,
            int count,
            boolean cut,
            String earlier,
            String all,
            String later) {}

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance keys(Collection<MetricDefinition> definitions);

        static native TemplateInstance metrics(Asked asked, Choice choice, MetricPages.MetricChoice shown);
    }

    /** The description of each metric and its key in a study's Thresholds. */
    @GET
    @Path("keys")
    @Produces(MediaType.TEXT_HTML)
    @Operation(hidden = true)
    public TemplateInstance keys() {
        return Templates.keys(MetricCatalogue.all());
    }

    @GET
    @Produces(MediaType.TEXT_HTML)
    @Operation(hidden = true)
    public TemplateInstance metrics(
            @QueryParam("study") @DefaultValue("") String study,
            @QueryParam("site") @DefaultValue("") String site,
            @QueryParam("tag") @DefaultValue("") String tag,
            @QueryParam("key") @DefaultValue("") String key,
            @QueryParam("from") @DefaultValue("") String from,
            @QueryParam("to") @DefaultValue("") String to) {
        String theStudy = onlyOne(study, metrics.choice(study, tag).studies());
        String theTag = onlyOne(tag, metrics.choice(theStudy, tag).tags());
        Choice choice = metrics.choice(theStudy, theTag);
        // The requested metric is shown, or that it has no values: never another metric in its place.
        String theKey = onlyOne(key, choice.keys());
        Optional<LocalDate> first = BadParameterException.day("from", from);
        Optional<LocalDate> last = BadParameterException.day("to", to);
        List<Point> points = metrics.points(
                theStudy, site, theTag, theKey, last.orElse(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC)));
        Asked asked = new Asked(
                theStudy,
                site,
                theTag,
                theKey,
                first.map(LocalDate::toString).orElse(""),
                last.map(LocalDate::toString).orElse(""));
        return Templates.metrics(asked, choice, shown(asked, points, first.orElse(null), last.orElse(null)));
    }

    private MetricPages.MetricChoice shown(
            Asked asked, List<Point> points, @Nullable LocalDate first, @Nullable LocalDate last) {
        LocalDate from = first != null
                ? first
                : points.isEmpty() ? LocalDate.EPOCH : points.get(0).day();
        List<Point> inWindow =
                points.stream().filter(point -> !point.day().isBefore(from)).toList();
        LocalDate to = last != null
                ? last
                : inWindow.isEmpty() ? from : inWindow.get(inWindow.size() - 1).day();
        List<GoldChange> standards = metrics.standards(asked.study(), asked.tag());
        List<Point> newest = new ArrayList<>(inWindow.subList(Math.max(0, inWindow.size() - ROWS), inWindow.size()));
        Collections.reverse(newest);
        long days = java.time.temporal.ChronoUnit.DAYS.between(from, to) + 1;
        return new MetricPages.MetricChoice(
                points.isEmpty() ? "" : points.get(0).unit(),
                asked.tag().startsWith(MetricValue.PIPELINE)
                        ? "Computed by a tool, of the newest run of each session that ended well: measure / region"
                        : meaning(asked.key()),
                TrendCharts.of(asked.key(), where(points, true), from, to, standards),
                TrendCharts.of(asked.key(), where(points, false), from, to, standards),
                newest,
                inWindow.size(),
                points.size() == MetricSeries.MOST_POINTS,
                window(asked, from.minusDays(days), from.minusDays(1)),
                all(asked),
                window(asked, to.plusDays(1), to.plusDays(days)));
    }

    private static List<Point> where(List<Point> points, boolean phantom) {
        return points.stream().filter(point -> point.phantom() == phantom).toList();
    }

    private static String window(Asked asked, LocalDate from, LocalDate to) {
        return all(asked) + "&from=" + from + "&to=" + to;
    }

    private static String all(Asked asked) {
        return "/metrics?study=" + Links.part(asked.study()) + "&site=" + Links.part(asked.site()) + "&tag="
                + Links.part(asked.tag()) + "&key=" + Links.part(asked.key());
    }

    private static String meaning(String key) {
        try {
            MetricDefinition definition = MetricCatalogue.get(key);
            String good =
                    switch (definition.good()) {
                        case HIGH -> "; high is good";
                        case LOW -> "; low is good";
                        case STABLE -> "; should stay as it is";
                    };
            return definition.meaning() + good;
        } catch (IllegalArgumentException e) {
            return "This DATMAN does not know the metric any more.";
        }
    }

    private static String onlyOne(String asked, List<String> choice) {
        return asked.isEmpty() && !choice.isEmpty() ? choice.get(0) : asked;
    }
}
