package org.datman.qc.trend;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.datman.contracts.event.QcAlarm;
import org.datman.contracts.event.QcAlarmBuilder;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcComplete.Acquisition;
import org.datman.contracts.event.Reason;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.contracts.study.HeaderRules;
import org.datman.header.Baselines.Drift;
import org.datman.metrics.model.MetricText;
import org.datman.metrics.trend.Alarm;
import org.datman.metrics.trend.Alarm.Rule;
import org.datman.metrics.trend.AlarmText;
import org.datman.metrics.trend.ControlChart;

/** Converts alarms to events and verdicts. Pure. */
final class AlarmEvents {

    private static final Acquisition UNKNOWN = new Acquisition("", "", "");

    private AlarmEvents() {}

    /** A chart's finding for one of its images. A phantom stays off while an alarm lasts; people differ, so for them only its start counts. */
    static List<Trends.Finding> findings(String metric, ControlChart chart, String image, boolean phantom) {
        List<Trends.Finding> findings = new ArrayList<>();
        Optional<ControlChart.Point> point = chart.point(image);
        for (Alarm alarm : chart.alarms()) {
            boolean begins = alarm.at().image().equals(image);
            boolean lasts = phantom
                    && point.filter(p -> p.off() && p.reading().compareTo(alarm.at()) > 0)
                            .isPresent()
                    && alarm.until()
                            .filter(until ->
                                    !until.isAfter(point.get().reading().day()))
                            .isEmpty();
            if (begins || lasts) {
                QcComplete.Level level = flags(alarm.rule(), phantom) ? QcComplete.Level.FLAG : QcComplete.Level.WARN;
                findings.add(new Trends.Finding(level, AlarmText.of(metric, alarm)));
            }
        }
        return findings;
    }

    private static boolean flags(Rule rule, boolean phantom) {
        return phantom && rule != Rule.EWMA;
    }

    static QcAlarm of(Stratum stratum, QcComplete at, Alarm alarm) {
        boolean phantom = at.phantom().orElse(false);
        boolean over = alarm.rule() != Rule.LIMIT && alarm.until().isPresent();
        String unit = MetricCatalogue.get(stratum.metric()).unit();
        String suffix = "1".equals(unit) ? "" : " " + unit;
        return QcAlarmBuilder.builder()
                .session(at.session())
                .alarmRevision(1)
                .state(over ? QcAlarm.State.OVER : QcAlarm.State.RAISED)
                .study(at.study())
                .site(at.site())
                .sessionName(at.sessionName())
                .phantom(phantom)
                .scan(at.scan())
                .stem(at.stem())
                .tag(at.tag())
                .acquisition(stratum.acquisition())
                .subject(stratum.metric())
                .version(stratum.version())
                .rule(QcAlarm.Rule.valueOf(alarm.rule().name()))
                .severity(flags(alarm.rule(), phantom) ? "flag" : "warn")
                .since(alarm.since())
                .noticed(alarm.at().day())
                .usual(MetricText.number(alarm.usual().median()) + suffix)
                .now(MetricText.number(alarm.level()) + suffix)
                .reason(
                        new Reason(
                                alarm.side() == Alarm.Side.LOWER ? "metric-lower" : "metric-higher",
                                AlarmText.of(stratum.metric(), alarm),
                                phantom
                                        ? "Look at the chart; ask the site what changed, and have the scanner looked at"
                                        : "Look at the chart and at the image; if several scans are off, ask the site what changed"))
                .until(alarm.until())
                .sigmas(Optional.of(Math.round(alarm.sigmas() * 100) / 100.0))
                .build();
    }

    /** Fields that changed together for one cause: their names, old and new values are in one alarm. */
    static QcAlarm of(QcComplete at, List<Drift> together, HeaderRules rules) {
        Drift drift = together.get(0);
        return QcAlarmBuilder.builder()
                .session(at.session())
                .alarmRevision(1)
                .state(QcAlarm.State.RAISED)
                .study(at.study())
                .site(at.site())
                .sessionName(at.sessionName())
                .phantom(at.phantom().orElse(false))
                .scan(at.scan())
                .stem(at.stem())
                .tag(at.tag())
                .acquisition(at.acquisition().orElse(UNKNOWN))
                .subject(joined(together, ", ", one -> one.field().name()))
                .version("")
                .rule(QcAlarm.Rule.HEADER_DRIFT)
                .severity(HeaderDrifts.severity(drift, rules).key())
                .since(drift.since())
                .noticed(drift.since())
                .usual(values(together, one -> one.before().text()))
                .now(values(together, one -> one.now().text()))
                .reason(new Reason(
                        "header-drift",
                        HeaderDrifts.text(together),
                        "Ask the site whether it was meant; if so, set a new gold standard from that day"))
                .build();
    }

    /** The values alone for one field, each after its name for several. */
    private static String values(List<Drift> together, Function<Drift, String> value) {
        return joined(
                together,
                "; ",
                one -> (together.size() > 1 ? one.field().name() + " " : "")
                        + value.apply(one)
                        + HeaderDrifts.unit(one));
    }

    private static String joined(List<Drift> together, String by, Function<Drift, String> text) {
        return together.stream().map(text).collect(Collectors.joining(by));
    }

    static QcAlarm with(QcAlarm alarm, long revision, QcAlarm.State state) {
        return alarm.withAlarmRevision(revision).withState(state);
    }
}
