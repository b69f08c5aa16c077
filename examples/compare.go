// Whether two photos show the same person. Exit code 0: yes, 1: no, 2: an error.
// usage: go build compare.go && ./compare REFERENCE LIVE, with FACEMETRIC_URL and, where the service needs one, FACEMETRIC_API_KEY
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"os"
	"time"
)

type reply struct {
	Identical *bool   `json:"identical"`
	Distance  float64 `json:"distance"`
	Code      string  `json:"code"`
	Field     string  `json:"field"`
	Detail    string  `json:"detail"`
}

func compare(url, key, reference, live string) (*reply, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, photo := range [][2]string{{"reference_image", reference}, {"live_image", live}} {
		content, err := os.ReadFile(photo[1])
		if err != nil {
			return nil, err
		}
		part, err := form.CreateFormFile(photo[0], "photo")
		if err != nil {
			return nil, err
		}
		if _, err := part.Write(content); err != nil {
			return nil, err
		}
	}
	if err := form.Close(); err != nil {
		return nil, err
	}
	request, err := http.NewRequest(http.MethodPost, url+"/compare", &body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", form.FormDataContentType())
	if key != "" {
		request.Header.Set("Authorization", "Bearer "+key)
	}
	client := http.Client{Timeout: time.Minute}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var answer reply
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return nil, err
	}
	if answer.Identical == nil {
		return nil, fmt.Errorf("%s %s: %s", answer.Code, answer.Field, answer.Detail)
	}
	return &answer, nil
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: compare REFERENCE LIVE")
		os.Exit(2)
	}
	url := os.Getenv("FACEMETRIC_URL")
	if url == "" {
		url = "http://localhost:5000"
	}
	answer, err := compare(url, os.Getenv("FACEMETRIC_API_KEY"), os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	fmt.Println(*answer.Identical, answer.Distance)
	if !*answer.Identical {
		os.Exit(1)
	}
}
