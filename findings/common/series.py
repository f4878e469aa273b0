"""Writes a synthetic MR series as DICOM files (pydicom 3.0): ramps in 16 x 16 pixels, everything that the standard asks of MR Image Storage."""
import os
import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

SIZE = 16


def write(folder, slices, volumes=1, change=lambda dataset, volume, slice_: None, skip=lambda volume, slice_: False):
    """change(dataset, volume, slice) edits each data set before it is written; skip(volume, slice) leaves files out."""
    os.makedirs(folder)
    study, series, frame = generate_uid(), generate_uid(), generate_uid()
    for volume in range(volumes):
        for slice_ in range(slices):
            d = Dataset()
            d.file_meta = FileMetaDataset()
            d.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
            d.SOPClassUID = d.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.4"
            d.SOPInstanceUID = d.file_meta.MediaStorageSOPInstanceUID = generate_uid()
            d.SpecificCharacterSet = "ISO_IR 192"
            d.StudyInstanceUID, d.SeriesInstanceUID, d.FrameOfReferenceUID = study, series, frame
            d.Modality, d.Manufacturer, d.ManufacturerModelName = "MR", "Philips Medical Systems", "Achieva"
            d.ImageType = ["ORIGINAL", "PRIMARY", "M", "FFE"]
            d.PatientName, d.PatientID, d.PatientBirthDate, d.PatientSex = "SYN", "SYN", "", "O"
            d.StudyDate = d.SeriesDate = d.AcquisitionDate = d.ContentDate = "20260105"
            d.StudyTime = d.SeriesTime = d.AcquisitionTime = d.ContentTime = "100000.000"
            d.AccessionNumber, d.ReferringPhysicianName, d.StudyID, d.PositionReferenceIndicator = "", "", "1", ""
            d.SeriesNumber, d.AcquisitionNumber, d.ProtocolName = 4, volume + 1, "synthetic"
            d.InstanceNumber = volume * slices + slice_ + 1
            d.ScanningSequence, d.SequenceVariant, d.ScanOptions, d.MRAcquisitionType = "GR", "NONE", "", "2D"
            d.RepetitionTime, d.EchoTime, d.FlipAngle, d.EchoTrainLength = "2000", "30", "80", 1
            d.MagneticFieldStrength, d.SliceThickness, d.SpacingBetweenSlices = "3", "5", "5"
            d.PixelSpacing, d.ImageOrientationPatient = ["3", "3"], ["1", "0", "0", "0", "1", "0"]
            d.ImagePositionPatient = ["-24", "-24", str(5 * slice_)]
            if volumes > 1:
                d.TemporalPositionIdentifier, d.NumberOfTemporalPositions = volume + 1, volumes
            d.Rows = d.Columns = SIZE
            d.SamplesPerPixel, d.PhotometricInterpretation = 1, "MONOCHROME2"
            d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = 16, 16, 15, 0
            d.PixelData = (np.arange(SIZE * SIZE) + 10 * slice_ + volume).astype("<u2").tobytes()
            change(d, volume, slice_)
            if not skip(volume, slice_):
                d.save_as(os.path.join(folder, "IM%04d.dcm" % d.InstanceNumber), enforce_file_format=True)
