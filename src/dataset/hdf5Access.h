#pragma once

#include "core/error.h"

#include <hdf5.h>

#include <string>
#include <vector>

namespace surrogate
{

//- What the reader and the writer need of HDF5's C interface: handles that close themselves, attributes, and its failures
//  as Errors. Private to this folder.
namespace hdf5
{

//- An open file, group, data set, type or space
class Handle
{
public:

    Handle() = default;

    //- Throws Error with `what` and `where` when HDF5 returned no identifier
    Handle(hid_t id, herr_t (*close)(hid_t), const std::string& what, const std::string& where);

    ~Handle();
    Handle(Handle&& other) noexcept;
    Handle& operator=(Handle&& other) noexcept;

    operator hid_t() const { return id_; }

private:

    hid_t id_ = -1;
    herr_t (*close_)(hid_t) = nullptr;
};

//- While it lives HDF5 prints no error stack: our Errors say what happened
class Quiet
{
public:

    Quiet();
    ~Quiet();
    Quiet(const Quiet&) = delete;
    Quiet& operator=(const Quiet&) = delete;

private:

    H5E_auto2_t print_ = nullptr;
    void* data_ = nullptr;
};

//- Throws Error when HDF5's answer is negative
void require(herr_t status, const std::string& what, const std::string& where);

//- Existing group or data set. Throws Error that names `path` and the file when there is none.
Handle openGroup(hid_t parent, const std::string& path, const std::string& file);
Handle openDataset(hid_t parent, const std::string& path, const std::string& file);
Handle createGroup(hid_t parent, const std::string& name, const std::string& file);

//- Length of each axis
std::vector<hsize_t> shape(hid_t dataset);

//- Whole one-dimensional or scalar data set, converted
std::vector<double> readAll(hid_t dataset, const std::string& where);

//- A fixed-size data set, written at once; `flags` as HDF5's boolean (h5py's), `numbers` as float32 or float64.
//  An empty shape makes a scalar.
Handle writeFlags(hid_t parent, const std::string& name, const std::vector<bool>& flags, const std::string& file);
Handle writeNumbers(hid_t parent, const std::string& name, const std::vector<hsize_t>& shape,
    const std::vector<float>& numbers, const std::string& file);
Handle writeNumbers(hid_t parent, const std::string& name, const std::vector<hsize_t>& shape,
    const std::vector<double>& numbers, const std::string& file);

void setAttribute(hid_t object, const std::string& name, bool value);
void setAttribute(hid_t object, const std::string& name, long value);
void setAttribute(hid_t object, const std::string& name, double value);
void setAttribute(hid_t object, const std::string& name, const std::string& value);
void setAttribute(hid_t object, const std::string& name, const char* value);
void setAttribute(hid_t object, const std::string& name, const std::vector<bool>& values);
void setAttribute(hid_t object, const std::string& name, const std::vector<double>& values);
void setAttribute(hid_t object, const std::string& name, const std::vector<std::string>& values);

bool hasAttribute(hid_t object, const std::string& name);

//- Each throws Error, naming attribute and `where`, when it is missing or of another type
std::vector<double> numbers(hid_t object, const std::string& name, const std::string& where);
double number(hid_t object, const std::string& name, const std::string& where);
bool flag(hid_t object, const std::string& name, const std::string& where);
std::vector<std::string> strings(hid_t object, const std::string& name, const std::string& where);
std::string string(hid_t object, const std::string& name, const std::string& where);

} // namespace hdf5
} // namespace surrogate
