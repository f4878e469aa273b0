package org.datman.simulator.archive;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * One series in a session.
 *
 * @param id text, normally the series number, with a suffix such as {@code -MR1} where two series claim one number
 * @param rowId {@code xnat_imagescandata_id}
 * @param uid SeriesInstanceUID
 * @param fields further {@code data_fields} by XNAT's flattened names ({@code parameters/tr} …); values are text or numbers
 * @param addParams {@code parameters/addParam} rows, name to value
 */
@RecordBuilder
public record Scan(
        String id,
        long rowId,
        String uid,
        String modality,
        String xsiType,
        String type,
        String description,
        String quality,
        String note,
        int frames,
        Map<String, Object> fields,
        Map<String, String> addParams,
        List<Resource> resources,
        Instant inserted)
        implements ScanBuilder.With {

    public Scan {
        fields = new TreeMap<>(fields);
        addParams = new TreeMap<>(addParams);
        resources = List.copyOf(resources);
    }

    /** The scan with the resource of that label or number changed. */
    public Scan withResource(String key, UnaryOperator<Resource> change) {
        return withResources(Lists.replace(resources, r -> r.answersTo(key), change));
    }
}
