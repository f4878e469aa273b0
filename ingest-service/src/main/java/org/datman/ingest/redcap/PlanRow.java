package org.datman.ingest.redcap;

import java.util.Map;

/**
 * One row of REDCap's export with fields of the visit plan.
 *
 * @param key record, and event of the project
 * @param values field to its value; every field that was asked for is there
 */
record PlanRow(RedcapKey key, Map<String, String> values) {

    /** Empty when nothing is filled in. */
    String value(String field) {
        return values.getOrDefault(field, "");
    }
}
