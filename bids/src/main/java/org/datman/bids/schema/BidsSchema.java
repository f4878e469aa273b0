package org.datman.bids.schema;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The BIDS schema.
 *
 * @param version of the schema
 * @param bidsVersion of the specification it belongs to
 * @param whole the schema as it is written: expressions refer to parts of it
 * @param rules for contents
 * @param fileRules for names in raw and other datasets
 * @param derivativeFileRules for names in derivative datasets, besides
 * @param directoryRules by type of the dataset
 * @param entities short names in the order that file names have them, with the pattern of their labels
 * @param modalities by datatype
 * @param formats patterns of values by name
 * @param unknown parts of rules that this program does not evaluate, with how often each occurs
 */
public record BidsSchema(
        String version,
        String bidsVersion,
        Map<String, Object> whole,
        List<Rule> rules,
        List<FileRule> fileRules,
        List<FileRule> derivativeFileRules,
        Map<String, List<DirectoryRule>> directoryRules,
        Map<String, Pattern> entities,
        Set<String> datatypes,
        Map<String, String> modalities,
        Map<String, String> formats,
        Set<String> extensions,
        List<Association> associations,
        Map<String, Integer> unknown) {

    /** The schema that comes with this program. */
    public static BidsSchema bundled() {
        return Bundled.SCHEMA;
    }

    private static final class Bundled {
        private static final BidsSchema SCHEMA = SchemaReader.readBundled();
    }
}
