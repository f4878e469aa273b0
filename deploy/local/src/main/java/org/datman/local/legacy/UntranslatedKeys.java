package org.datman.local.legacy;

import com.google.re2j.Pattern;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.datman.local.legacy.ImportNote.Outcome;

/** Keys of the old DATMAN that study files of today do not have, and what there is instead. */
final class UntranslatedKeys {

    private static final Pattern REDCAP = Pattern.compile("^(Uses)?Redcap");

    private static final Map<String, String> INSTEAD = Arrays.stream("""
                    FtpServer|sessions come from XNAT; let the scanner, or the gateway of the site, send to it
                    FtpPort|sessions come from XNAT
                    MrUser|sessions come from XNAT
                    MrFolder|sessions come from XNAT
                    MrFtpPass|sessions come from XNAT
                    XnatServer|give the address to ./datman up --xnat
                    XnatPort|give it in the address: ./datman up --xnat https://host:port
                    XnatCredentials|give the account in DATMAN_XNAT_USER and DATMAN_XNAT_PASSWORD_FILE
                    XnatSource|send its sessions to the XNAT that DATMAN watches
                    XnatSourceArchive|send its sessions to the XNAT that DATMAN watches
                    XnatSourceCredentials|send its sessions to the XNAT that DATMAN watches
                    XnatDataSharing|share the session on XNAT: it then belongs to both studies
                    freesurfer|describe the tool under Pipelines
                    hcp|describe the tool under Pipelines
                    fmri|describe the tool under Pipelines
                    dtiprep|describe the tool under Pipelines
                    dtifit|describe the tool under Pipelines
                    enigmaDTI|describe the tool under Pipelines
                    unring|describe the tool under Pipelines
                    tractmap|describe the tool under Pipelines
                    magetbrain|describe the tool under Pipelines
                    KeepRecon|choose the outputs in the descriptor of the tool
                    CONTAINERS|name the program or image in the descriptor of the tool
                    Queue|tools run on the machines of the pipeline service
                    """.split("\n"))
            .map(line -> line.split("\\|"))
            .collect(Collectors.toUnmodifiableMap(line -> line[0], line -> line[1]));

    private static final Map<String, String> NOT_NEEDED = Map.of(
            "XnatConvention", "names of both kinds are recognised on XNAT",
            "LogServer", "each service writes its own log: ./datman logs",
            "ServerLogDir", "each service writes its own log: ./datman logs",
            "BlacklistDel", "a blacklisted series keeps its files and no tool gets them",
            "Paths", "the archive has folders of its own",
            "ProjectDir", "the archive has folders of its own",
            "DbIgnore", "the dashboard shows every study; close one with IsOpen: false");

    private static final Set<String> STRUCTURE =
            Set.of("Projects", "SystemSettings", "ExportSettings", "ConfigDir", "DatmanProjectsDir", "DatmanAssetsDir");

    private UntranslatedKeys() {}

    /** Whether the main file needs the key for itself. */
    static boolean isStructure(String key) {
        return STRUCTURE.contains(key);
    }

    static ImportNote note(String key, String path, String place) {
        if (NOT_NEEDED.containsKey(key)) {
            return new ImportNote(Outcome.CHANGED, place, path, "is not needed: " + NOT_NEEDED.get(key), "");
        }
        if (INSTEAD.containsKey(key)) {
            return new ImportNote(Outcome.LEFT, place, path, "has no counterpart in a study file", INSTEAD.get(key));
        }
        if (REDCAP.matcher(key).find()) {
            return new ImportNote(
                    Outcome.LEFT,
                    place,
                    path,
                    "has another name and another place",
                    "write the key Redcap into the study file by hand; the token goes to ingest");
        }
        return new ImportNote(
                Outcome.LEFT,
                place,
                path,
                "is no key of the old DATMAN that the import knows",
                "see docs/study-configuration.md");
    }
}
