package org.datman.qc.trend;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventFormatException;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.QcAlarm;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.contracts.study.HeaderRules;
import org.datman.contracts.study.Severity;
import org.datman.contracts.study.TagRule;
import org.datman.header.Baselines.Drift;
import org.datman.header.ParameterRecord;
import org.datman.metrics.trend.Alarm;
import org.datman.metrics.trend.ControlChart;
import org.datman.metrics.trend.Reading;
import org.datman.platform.outbox.Outbox;
import org.datman.platform.study.Studies;
import org.datman.qc.state.QcState;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Compares images with the images before them and publishes changes as alarms. The state follows from the readings alone, not from
 * their order of arrival: an alarm that is no longer supported is withdrawn.
 */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
public class Trends {

    private static final Logger LOG = Logger.getLogger(Trends.class);

    private final History history;
    private final QcState state;
    private final Outbox outbox;
    private final Studies studies;

    Trends(History history, QcState state, Outbox outbox, Studies studies) {
        this.history = history;
        this.state = state;
        this.outbox = outbox;
        this.studies = studies;
    }

    /** The study's header rules of a tag; the defaults where the study or the tag is gone. */
    private HeaderRules rules(QcComplete result) {
        return studies.current()
                .study(result.study())
                .flatMap(study -> study.tag(result.site(), result.tag()))
                .map(TagRule::headerRules)
                .orElse(HeaderRules.USUAL);
    }

    /** The history's findings on a new image. */
    public record Finding(QcComplete.Level level, String text) {}

    /**
     * An image that was measured.
     *
     * @param day of the scan
     * @param header how it was scanned, or null where that cannot be read
     */
    public record Image(
            QcComplete result,
            boolean phantom,
            LocalDate day,
            @Nullable ParameterRecord header) {}

    /** The history's findings on an image's numbers and header, before it is part of the history. */
    public List<Finding> judge(Image image) {
        List<Finding> findings = new ArrayList<>();
        QcComplete result = image.result();
        String name = History.image(result.session(), result.scan(), result.stem());
        for (QcComplete.Metric metric : result.metrics()) {
            if (MetricCatalogue.isTrended(result.kind(), metric.key())
                    && metric.value().isPresent()) {
                List<Reading> readings = new ArrayList<>(history.readings(Stratum.of(result, metric)));
                readings.removeIf(reading -> reading.image().equals(name));
                boolean good = result.verdict().level().compareTo(QcComplete.Level.FLAG) < 0;
                readings.add(new Reading(
                        name, result.inputSha256(), image.day(), metric.value().get(), good));
                findings.addAll(
                        AlarmEvents.findings(metric.key(), chart(metric.key(), readings), name, image.phantom()));
            }
        }
        ParameterRecord header = image.header();
        if (header != null) {
            HeaderRules rules = rules(result);
            for (List<Drift> together : HeaderDrifts.byCause(drifts(image, header, rules), rules)) {
                Severity severity = HeaderDrifts.severity(together.get(0), rules);
                if (severity != Severity.NOTE) {
                    findings.add(new Finding(
                            severity == Severity.FLAG ? QcComplete.Level.FLAG : QcComplete.Level.WARN,
                            HeaderDrifts.text(together)));
                }
            }
        }
        return findings;
    }

    /** Where there is no gold standard: whether this image could be one, as text; empty while there are too few sessions. */
    public Optional<String> candidate(Image image) {
        ParameterRecord header = image.header();
        return header == null
                ? Optional.empty()
                : HeaderDrifts.candidate(before(image, 4 * HeaderDrifts.WINDOW), at(image, header));
    }

    private List<Drift> drifts(Image image, ParameterRecord header, HeaderRules rules) {
        return HeaderDrifts.at(before(image, HeaderDrifts.WINDOW + 1), at(image, header), rules);
    }

    private static History.Header at(Image image, ParameterRecord header) {
        QcComplete result = image.result();
        return new History.Header(result.session(), result.scan(), result.stem(), image.day(), header);
    }

    private List<History.Header> before(Image image, int most) {
        QcComplete result = image.result();
        return history.headersUntil(
                result.study(),
                result.site(),
                result.tag(),
                result.acquisition().map(QcComplete.Acquisition::scanner).orElse(""),
                image.day(),
                most);
    }

    /**
     * Locks the results and the history of a session for this transaction. To be taken before a result is stored: two processes may store
     * the same image for the first time, and both would insert its rows.
     */
    public void lock(SessionRef session) {
        history.lock("session\t" + session.identity());
    }

    /** Adds an image to the history and publishes what that changes. The session must be locked. */
    public void add(Envelope<?> cause, Image image) {
        Set<Stratum> changed = history.store(image.result(), image.day());
        judgeAgain(cause, changed);
        ParameterRecord header = image.header();
        if (header != null) {
            history.store(image.result(), image.day(), header);
            headers(cause, image.result(), image.day());
        }
    }

    /** A rater's decision on an image changes the baseline. */
    public void reviewed(Envelope<?> cause, SessionRef session, String stem) {
        judgeAgain(cause, history.of(session, stem));
    }

    /** The images of a scan are now these; others that it had are part of no history any more. */
    public void only(Envelope<?> cause, SessionRef session, String scan, Collection<String> stems) {
        judgeAgain(cause, history.deleteAllBut(session, scan, stems));
    }

    private void judgeAgain(Envelope<?> cause, Collection<Stratum> strata) {
        List<Stratum> sorted = strata.stream()
                .sorted(java.util.Comparator.comparing(Stratum::about))
                .toList();
        sorted.forEach(stratum -> history.lock(stratum.about()));
        for (Stratum stratum : sorted) {
            ControlChart chart = chart(stratum.metric(), history.readings(stratum));
            List<QcAlarm> alarms = new ArrayList<>();
            for (Alarm alarm : chart.alarms()) {
                String[] image = alarm.at().image().split("\t", -1);
                state.result(SessionRef.of(image[1]), image[2], image[0])
                        .ifPresent(result -> alarms.add(AlarmEvents.of(stratum, result, alarm)));
            }
            if (alarms.size() == chart.alarms().size()) {
                publish(cause, stratum.about(), alarms);
            } else {
                // An alarm whose image cannot be named does not end by that.
                LOG.warnf("Alarms stay as published, the result of one cannot be read of=%s", stratum.about());
            }
        }
    }

    private static ControlChart chart(String metric, List<Reading> readings) {
        return ControlChart.of(readings, MetricCatalogue.get(metric).good());
    }

    /** The drifts that begin with an image or with those soon after it, whose typical header it is part of. */
    private void headers(Envelope<?> cause, QcComplete result, LocalDate day) {
        String scanner =
                result.acquisition().map(QcComplete.Acquisition::scanner).orElse("");
        List<History.Header> all = new ArrayList<>(history.headersUntil(
                result.study(), result.site(), result.tag(), scanner, day, 2 * HeaderDrifts.WINDOW));
        HeaderRules rules = rules(result);
        int from = Math.max(0, all.size() - HeaderDrifts.WINDOW);
        all.addAll(
                history.headersAfter(result.study(), result.site(), result.tag(), scanner, day, HeaderDrifts.WINDOW));
        for (int i = from; i < all.size(); i++) {
            History.Header one = all.get(i);
            if (one.day().isBefore(day)) {
                continue;
            }
            String about = String.join("\t", "header", one.session().identity(), one.scan(), one.stem());
            List<History.Header> before = all.subList(Math.max(0, i - HeaderDrifts.WINDOW), i);
            List<List<Drift>> drifts = HeaderDrifts.byCause(HeaderDrifts.at(before, one, rules), rules);
            Optional<QcComplete> at =
                    drifts.isEmpty() ? Optional.empty() : state.result(one.session(), one.scan(), one.stem());
            if (drifts.isEmpty() || at.isPresent()) {
                publish(
                        cause,
                        about,
                        drifts.stream()
                                .map(together -> AlarmEvents.of(at.orElseThrow(), together, rules))
                                .toList());
            } else {
                LOG.warnf("Alarms of a header stay as published, its result cannot be read result=%s", one.stem());
            }
        }
    }

    /** Publishes what is new, what has changed, and what no longer holds. */
    private void publish(Envelope<?> cause, String about, List<QcAlarm> alarms) {
        Map<String, QcAlarm> now = new LinkedHashMap<>();
        alarms.forEach(alarm -> now.putIfAbsent(alarm.identity(), alarm));
        Map<String, History.PublishedAlarm> before = history.alarms(about).stream()
                .collect(Collectors.toMap(History.PublishedAlarm::identity, sent -> sent));
        now.forEach((identity, alarm) -> {
            long revision = history.revision(identity).orElse(0L);
            boolean same = Optional.ofNullable(before.get(identity))
                    .filter(sent -> write(AlarmEvents.with(alarm, sent.revision(), alarm.state()))
                            .equals(sent.event()))
                    .isPresent();
            if (!same) {
                publishOne(cause, about, AlarmEvents.with(alarm, revision + 1, alarm.state()));
            }
        });
        before.forEach((identity, sent) -> {
            if (!now.containsKey(identity)) {
                read(sent)
                        .filter(last -> last.state() != QcAlarm.State.WITHDRAWN)
                        .ifPresent(last -> publishOne(
                                cause, about, AlarmEvents.with(last, sent.revision() + 1, QcAlarm.State.WITHDRAWN)));
            }
        });
    }

    private void publishOne(Envelope<?> cause, String about, QcAlarm alarm) {
        history.recordPublished(
                about, new History.PublishedAlarm(alarm.identity(), alarm.alarmRevision(), write(alarm)));
        outbox.publish(cause, alarm);
    }

    private static String write(Event event) {
        return new String(EventJson.write(event), StandardCharsets.UTF_8);
    }

    /** One that cannot be read any more cannot be withdrawn, and must not stop all that come after it. */
    private static Optional<QcAlarm> read(History.PublishedAlarm sent) {
        try {
            return Optional.of(EventJson.read(sent.event().getBytes(StandardCharsets.UTF_8), QcAlarm.class));
        } catch (EventFormatException e) {
            LOG.errorf(e, "A stored alarm cannot be read any more and is not withdrawn alarm=%s", sent.identity());
            return Optional.empty();
        }
    }
}
