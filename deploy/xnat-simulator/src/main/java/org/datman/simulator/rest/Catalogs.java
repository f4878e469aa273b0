package org.datman.simulator.rest;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.simulator.archive.ArchivedFile;
import org.datman.simulator.archive.Digests;
import org.datman.simulator.archive.Resource;
import org.datman.simulator.http.Markup;
import org.datman.simulator.http.Request;
import org.datman.simulator.http.Table;
import org.datman.simulator.http.Times;
import org.datman.simulator.importer.DicomHeaders;
import org.jspecify.annotations.Nullable;

/** Lists of resources and the catalogue document of one. */
final class Catalogs {
    private final Digests digests;
    private final boolean checksums;

    Catalogs(Digests digests, boolean checksums) {
        this.digests = digests;
        this.checksums = checksums;
    }

    /** {@code scan_3_catalog.xml} for a resource of scan 3, {@code NOTES_catalog.xml} for one of a session (scan id null). */
    static String fileName(Resource resource, @Nullable String scanId) {
        return (scanId == null ? resource.folder() : "scan_" + scanId) + "_catalog.xml";
    }

    String digest(ArchivedFile file) {
        return checksums ? digests.md5(file.source()) : "";
    }

    /** The list of resources; {@code columns} and {@code sortBy} are ignored, as XNAT does, and {@code file_stats} counts again. */
    Table list(Request request, List<Located> resources) {
        request.knowing("all", "file_stats", "columns", "sortBy");
        boolean counted = request.flag("file_stats");
        List<Map<String, String>> rows = resources.stream()
                .map(r -> counted ? r.counted() : r)
                .map(Catalogs::row)
                .toList();
        return new Table(
                "Resources",
                List.of(
                        "xnat_abstractresource_id",
                        "label",
                        "element_name",
                        "category",
                        "cat_id",
                        "cat_desc",
                        "file_count",
                        "file_size",
                        "tags",
                        "content",
                        "format"),
                rows,
                true,
                false);
    }

    private static Map<String, String> row(Located located) {
        Resource r = located.resource();
        return Table.row(
                "xnat_abstractresource_id",
                Long.toString(r.id()),
                "label",
                r.label(),
                "element_name",
                "xnat:resourceCatalog",
                "category",
                located.category(),
                "cat_id",
                located.scan() == null ? "" : located.scan().id(),
                "cat_desc",
                located.scan() == null ? "" : located.scan().type(),
                "file_count",
                r.countText(),
                "file_size",
                r.sizeText(),
                "tags",
                "",
                "content",
                r.content(),
                "format",
                r.format());
    }

    /** The catalogue document; entries of DICOM resources carry the UID and instance number read from the file. */
    String xml(Located located) {
        Resource resource = located.resource();
        boolean dicom = resource.format().equals("DICOM");
        String root = dicom ? "cat:DCMCatalog" : "cat:Catalog";
        StringBuilder text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<").append(root);
        if (dicom && located.scan() != null) {
            text.append(" UID=\"").append(Markup.escape(located.scan().uid())).append('"');
        } else {
            text.append(" ID=\"").append(resource.id()).append('"');
        }
        text.append(
                " xmlns:cat=\"http://nrg.wustl.edu/catalog\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n");
        text.append(" <cat:metaFields>\n  <cat:metaField name=\"AUDIT\">1:Added:")
                .append(resource.countText());
        text.append("</cat:metaField>\n </cat:metaFields>\n <cat:entries>\n");
        for (ArchivedFile file : resource.files()) {
            entry(text, file, dicom);
        }
        return text.append(" </cat:entries>\n</").append(root).append(">\n").toString();
    }

    private void entry(StringBuilder text, ArchivedFile file, boolean dicom) {
        text.append("  <cat:entry");
        attribute(text, "ID", file.path());
        Optional<DicomHeaders.Instance> instance = Optional.empty();
        if (dicom) {
            try {
                instance = DicomHeaders.instance(file.source());
            } catch (IOException unreadable) {
                instance = Optional.empty(); // the catalogue still lists the file, as XNAT's would
            }
        }
        instance.ifPresent(i -> attribute(text, "UID", i.sopUid()));
        attribute(text, "URI", file.path());
        attribute(text, "createdBy", "admin");
        attribute(text, "createdEventId", "1");
        attribute(text, "createdTime", Times.catalog(file.modified()));
        attribute(text, "digest", digest(file));
        if (dicom) {
            attribute(text, "format", "DICOM");
        }
        instance.ifPresent(i -> attribute(text, "instanceNumber", i.number()));
        attribute(text, "name", file.name());
        if (dicom) {
            attribute(text, "xsi:type", "cat:dcmEntry");
        }
        text.append(">\n   <cat:metaFields>\n    <cat:metaField name=\"SIZE\">").append(file.size());
        text.append("</cat:metaField>\n   </cat:metaFields>\n  </cat:entry>\n");
    }

    private static void attribute(StringBuilder text, String name, String value) {
        text.append(' ').append(name).append("=\"").append(Markup.escape(value)).append('"');
    }
}
