package org.datman.export.dicom;

import org.datman.export.download.VerifiedFile;

/** A DICOM file that holds an image. */
public record DicomImage(VerifiedFile file, DicomFacts facts) {}
