package org.datman.qc.measure;

import java.util.ArrayList;
import java.util.List;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcComplete.HeaderDifference;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.study.HeaderRules;
import org.datman.plots.report.Verdict;
import org.datman.qc.header.HeaderCheck;
import org.datman.qc.header.HeaderOfImage;
import org.datman.qc.trend.Trends;

/** The verdict on an image: that of its numbers, lowered by the findings of export, header and history. Pure. */
final class Verdicts {

    private Verdicts() {}

    /**
     * @param measured the verdict of the numbers
     * @param exported the export of its series: an image that is known to be incomplete never passes, however good its numbers are
     * @param header differences from the gold standard
     * @param own the image's header, which may contradict itself
     * @param rules which header fields the study ignores, and the severities of the others
     */
    static QcComplete.Verdict of(
            Verdict measured,
            SeriesExported exported,
            HeaderCheck.Outcome header,
            HeaderOfImage own,
            HeaderRules rules) {
        QcComplete.Level level = measured.level();
        List<String> reasons = new ArrayList<>();
        if (exported.outcome() == SeriesExported.Outcome.PARTIAL) {
            reasons.add("The image is not complete: "
                    + exported.reason().map(Reason::message).orElse("export could not use all files of the series"));
            level = worse(level, QcComplete.Level.FLAG);
        }
        reasons.addAll(measured.reasons());
        for (HeaderDifference difference : header.differences()) {
            QcComplete.Level found = level(difference.severity());
            if (found != QcComplete.Level.PASS) {
                reasons.add(difference.field() + " is " + difference.actual().orElse("absent")
                        + " where the gold standard has "
                        + difference.expected().orElse("nothing"));
            }
            level = worse(level, found);
        }
        for (HeaderOfImage.Contradiction contradiction : own.contradictions(rules)) {
            QcComplete.Level found = level(contradiction.severity().key());
            if (found != QcComplete.Level.PASS) {
                reasons.add(contradiction.text());
            }
            level = worse(level, found);
        }
        String problem = header.problem();
        if (problem != null) {
            reasons.add(problem);
            level = worse(level, QcComplete.Level.WARN);
        }
        return new QcComplete.Verdict(level, reasons);
    }

    /** Lowered by the findings of the history. */
    static QcComplete.Verdict with(QcComplete.Verdict verdict, List<Trends.Finding> findings) {
        List<String> reasons = new ArrayList<>(verdict.reasons());
        QcComplete.Level level = verdict.level();
        for (Trends.Finding finding : findings) {
            reasons.add(finding.text());
            level = worse(level, finding.level());
        }
        return new QcComplete.Verdict(level, reasons);
    }

    private static QcComplete.Level level(String severity) {
        return switch (severity) {
            case "flag" -> QcComplete.Level.FLAG;
            case "warn" -> QcComplete.Level.WARN;
            default -> QcComplete.Level.PASS;
        };
    }

    private static QcComplete.Level worse(QcComplete.Level a, QcComplete.Level b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
