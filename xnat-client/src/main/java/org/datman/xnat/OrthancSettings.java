package org.datman.xnat;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/**
 * {@code datman.orthanc.*}: how the studies of an Orthanc are named. Orthanc has no projects and no labels, so DICOM elements name them.
 * {@link OrthancNames} rejects values that make no sense.
 */
@ConfigMapping(prefix = "datman.orthanc")
public interface OrthancSettings {

    /** The element in which the project is looked for. */
    @WithDefault("PatientID")
    String project();

    /** Regular expression; its first group is the project. A study in which it finds nothing belongs to no project. */
    @WithDefault("^([^_]+)_")
    String projectPattern();

    /** The element that is the label of the session. */
    @WithDefault("PatientID")
    String label();

    /** The element that is the label of the subject. */
    @WithDefault("PatientID")
    String subject();
}
