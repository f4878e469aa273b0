package org.datman.qc.visit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.VisitPlanned;
import org.datman.contracts.event.VisitPlanned.State;
import org.datman.contracts.naming.DatmanId;
import org.datman.contracts.naming.DatmanIds;
import org.datman.contracts.naming.IdMap;
import org.datman.contracts.naming.NamingException;
import org.datman.contracts.study.StudyConfiguration;

/**
 * The visit plan of a study in REDCap, as ingest last published it.
 *
 * @param visits with their days
 * @param undated planned for no day that can be read, to the reason
 * @param faults record, as {@code REDCap record 12}, to why it plans nothing; {@code REDCap} when the plan is not up to date
 */
record RedcapVisits(List<PlannedVisit> visits, Map<UndatedVisit, Reason> undated, Map<String, Reason> faults) {

    private static final String REDCAP = "REDCap";

    /** Where visits are planned begins so. */
    private static final String SOURCE = REDCAP + ", field ";

    /**
     * A timepoint without a day.
     *
     * @param name of the timepoint
     * @param source where it is planned
     */
    record UndatedVisit(String name, String source) {}

    /** Of a study that has no plan in REDCap. */
    static RedcapVisits none() {
        return new RedcapVisits(List.of(), Map.of(), Map.of());
    }

    /** Whether a visit of that source is planned in REDCap. */
    static boolean planned(String source) {
        return source.equals(REDCAP) || source.startsWith(SOURCE);
    }

    /**
     * Reads what ingest published.
     *
     * @param published of the study, withdrawn ones included
     */
    static RedcapVisits of(StudyConfiguration study, List<VisitPlanned> published) {
        List<PlannedVisit> visits = new ArrayList<>();
        Map<UndatedVisit, Reason> undated = new LinkedHashMap<>();
        Map<String, Reason> faults = new LinkedHashMap<>();
        for (VisitPlanned visit : published) {
            String source = SOURCE + visit.field();
            switch (visit.state()) {
                case WITHDRAWN -> {}
                case UNREADABLE ->
                    faults.put(visit.visit().equals(REDCAP) ? REDCAP : REDCAP + " " + visit.visit(), visit.reason());
                default -> {
                    try {
                        DatmanId id = DatmanIds.parseFor(visit.visit(), IdMap.NONE, study.sitesByCode());
                        String name = id.withTimepoint();
                        if (visit.state() == State.PLANNED && visit.to().isPresent()) {
                            visits.add(new PlannedVisit(
                                    name,
                                    name,
                                    visit.from().orElse(null),
                                    visit.to().get(),
                                    source));
                        } else {
                            undated.put(new UndatedVisit(name, source), visit.reason());
                        }
                    } catch (NamingException e) {
                        // The study file changed since; ingest reads the plan by the new one soon.
                        faults.put(REDCAP + " " + visit.visit(), outdated(visit, e));
                    }
                }
            }
        }
        return new RedcapVisits(visits, undated, faults);
    }

    private static Reason outdated(VisitPlanned visit, NamingException e) {
        return new Reason(
                "visit-not-assigned",
                "The visit " + visit.visit() + ", planned in REDCap, is none of the study: " + e.getMessage(),
                "Correct the sites of the study file, or the record in REDCap");
    }
}
