package org.datman.contracts.study;

import java.net.URI;
import java.util.List;

/**
 * The visit plan that a study has in REDCap. The token is no part of it: it comes from ingest's environment.
 *
 * @param url of REDCap's API: the only address that is asked
 * @param project number of the project in REDCap
 * @param recordField field with the id of the record
 * @param subjectField field with the subject, in any event of the record
 * @param visits where the planned days are, one entry per timepoint
 */
public record RedcapPlan(URI url, String project, String recordField, String subjectField, List<RedcapVisit> visits) {}
