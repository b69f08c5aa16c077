"""A Python face library as bench/compare-peers.ts asks it: one JSON object a line in, one a line out."""

import json
import sys
import time


def load_face_recognition():
    import face_recognition

    def describe(photo):
        return face_recognition.face_encodings(face_recognition.load_image_file(photo))[0]

    def compare(reference, live):
        return float(face_recognition.face_distance([describe(reference)], describe(live))[0])

    return compare, None


def load_deepface():
    from deepface import DeepFace
    from deepface.commons import weight_utils

    note = None
    try:
        DeepFace.build_model("VGG-Face")
    except ValueError:
        # It downloads its weights. Where it cannot, its network as it is made, with numbers at random, takes as long.
        weight_utils.download_weights_if_necessary = lambda **_: ""
        weight_utils.load_model_weights = lambda model, weight_file: model
        DeepFace.build_model("VGG-Face")
        note = "its weights could not be downloaded: its own network with random ones"
    # Its default detector misses some faces, at which it gives up by default: so it goes on with the whole photo.
    return lambda reference, live: float(DeepFace.verify(reference, live, enforce_detection=False)["distance"]), note


def main(name):
    compare, note = {"face_recognition": load_face_recognition, "deepface": load_deepface}[name]()
    print(json.dumps({"ready": True, "note": note}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        begun = time.process_time()
        for _ in range(request["runs"]):
            distance = compare(request["reference"], request["live"])
        milliseconds = 1000 * (time.process_time() - begun) / request["runs"]
        print(json.dumps({"milliseconds": milliseconds, "distance": distance}), flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except Exception as error:  # Told to whoever reads the bench's output, in one line.
        print(json.dumps({"failed": f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"}), flush=True)
        sys.exit(1)
