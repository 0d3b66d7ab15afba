#include "dataset/hdf5Access.h"

#include <cstdint>
#include <utility>

namespace surrogate
{
namespace hdf5
{

Handle::Handle(hid_t id, herr_t (*close)(hid_t), const std::string& what, const std::string& where)
:
    id_(id),
    close_(close)
{
    if (id < 0) throw Error({what, where, "", "", {}});
}

Handle::~Handle()
{
    if (id_ >= 0 && close_) close_(id_);
}

Handle::Handle(Handle&& other) noexcept
:
    id_(std::exchange(other.id_, -1)),
    close_(other.close_)
{}

Handle& Handle::operator=(Handle&& other) noexcept
{
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
}

Quiet::Quiet()
{
    H5Eget_auto2(H5E_DEFAULT, &print_, &data_);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Quiet::~Quiet()
{
    H5Eset_auto2(H5E_DEFAULT, print_, data_);
}

void require(herr_t status, const std::string& what, const std::string& where)
{
    if (status < 0) throw Error({what, where, "", "", {}});
}

namespace
{

//- The names in a group, for an error that lists them
std::vector<std::string> members(hid_t group)
{
    std::vector<std::string> names;
    H5G_info_t info;
    if (H5Gget_info(group, &info) < 0) return names;
    for (hsize_t i = 0; i < info.nlinks; ++i)
    {
        const ssize_t length = H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, i, nullptr, 0, H5P_DEFAULT);
        std::string name(length > 0 ? length : 0, ' ');
        H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, i, name.data(), name.size() + 1, H5P_DEFAULT);
        names.push_back(name);
    }
    return names;
}

void requireMember(hid_t parent, const std::string& name, const std::string& kind, const std::string& file)
{
    if (H5Lexists(parent, name.c_str(), H5P_DEFAULT) > 0) return;
    throw Error({"The data set has no " + kind + " \"" + name + "\"", file, "The Well's layout", "", members(parent)});
}

//- The boolean that h5py reads as numpy's
Handle booleanType()
{
    Handle type(H5Tenum_create(H5T_NATIVE_INT8), H5Tclose, "HDF5 makes no boolean type", "");
    const std::int8_t no = 0, yes = 1;
    H5Tenum_insert(type, "FALSE", &no);
    H5Tenum_insert(type, "TRUE", &yes);
    return type;
}

Handle stringType()
{
    Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "HDF5 makes no string type", "");
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

Handle space(const std::vector<hsize_t>& shape)
{
    return Handle
    (
        shape.empty() ? H5Screate(H5S_SCALAR) : H5Screate_simple(int(shape.size()), shape.data(), nullptr),
        H5Sclose, "HDF5 makes no data space", ""
    );
}

void writeAttribute(hid_t object, const std::string& name, hid_t type, const std::vector<hsize_t>& shape, const void* values)
{
    if (H5Aexists(object, name.c_str()) > 0) H5Adelete(object, name.c_str());
    const Handle extent = space(shape);
    const Handle attribute
    (
        H5Acreate2(object, name.c_str(), type, extent, H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
        "The attribute cannot be created", name
    );
    // HDF5 refuses a null buffer, even for no values
    const char none = 0;
    require(H5Awrite(attribute, type, values ? values : &none), "The attribute cannot be written", name);
}

std::vector<std::int8_t> asBytes(const std::vector<bool>& flags)
{
    return {flags.begin(), flags.end()};
}

//- The open attribute and how many values it has
std::pair<Handle, std::size_t> openAttribute(hid_t object, const std::string& name, const std::string& where)
{
    if (!hasAttribute(object, name)) throw Error({"The data set lacks an attribute", where, "@" + name, "none", {}});
    Handle attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose, "The attribute cannot be read", where + " @" + name);
    const Handle extent(H5Aget_space(attribute), H5Sclose, "The attribute has no extent", where + " @" + name);
    const hssize_t n = H5Sget_simple_extent_npoints(extent);
    return {std::move(attribute), std::size_t(n > 0 ? n : 0)};
}

[[noreturn]] void refuseType(const std::string& name, const std::string& where, const std::string& expected)
{
    throw Error({"An attribute of the data set is of another type", where + " @" + name, expected, "", {}});
}

} // namespace

Handle openGroup(hid_t parent, const std::string& path, const std::string& file)
{
    requireMember(parent, path, "group", file);
    return Handle(H5Gopen2(parent, path.c_str(), H5P_DEFAULT), H5Gclose, "The group \"" + path + "\" cannot be opened", file);
}

Handle openDataset(hid_t parent, const std::string& path, const std::string& file)
{
    requireMember(parent, path, "array", file);
    return Handle(H5Dopen2(parent, path.c_str(), H5P_DEFAULT), H5Dclose, "The array \"" + path + "\" cannot be opened", file);
}

Handle createGroup(hid_t parent, const std::string& name, const std::string& file)
{
    return Handle
    (
        H5Gcreate2(parent, name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose,
        "The group \"" + name + "\" cannot be created", file
    );
}

std::vector<hsize_t> shape(hid_t dataset)
{
    const Handle extent(H5Dget_space(dataset), H5Sclose, "The array has no extent", "");
    std::vector<hsize_t> lengths(H5Sget_simple_extent_ndims(extent));
    H5Sget_simple_extent_dims(extent, lengths.data(), nullptr);
    return lengths;
}

std::vector<double> readAll(hid_t dataset, const std::string& where)
{
    std::size_t n = 1;
    for (const hsize_t length : shape(dataset)) n *= length;
    std::vector<double> values(n);
    if (n == 0) return values;
    require(H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()),
        "The array cannot be read", where);
    return values;
}

Handle writeFlags(hid_t parent, const std::string& name, const std::vector<bool>& flags, const std::string& file)
{
    const Handle type = booleanType();
    const Handle extent = space({flags.size()});
    Handle array
    (
        H5Dcreate2(parent, name.c_str(), type, extent, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Dclose,
        "The array \"" + name + "\" cannot be created", file
    );
    require(H5Dwrite(array, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, asBytes(flags).data()), "The array cannot be written", file);
    return array;
}

namespace
{

Handle writeArray(hid_t parent, const std::string& name, const std::vector<hsize_t>& shape, hid_t inFile, hid_t inMemory,
    const void* numbers, const std::string& file)
{
    const Handle extent = space(shape);
    Handle array
    (
        H5Dcreate2(parent, name.c_str(), inFile, extent, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Dclose,
        "The array \"" + name + "\" cannot be created", file
    );
    require(H5Dwrite(array, inMemory, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers), "The array cannot be written", file);
    return array;
}

} // namespace

Handle writeNumbers(hid_t parent, const std::string& name, const std::vector<hsize_t>& shape,
    const std::vector<float>& numbers, const std::string& file)
{
    return writeArray(parent, name, shape, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, numbers.data(), file);
}

Handle writeNumbers(hid_t parent, const std::string& name, const std::vector<hsize_t>& shape,
    const std::vector<double>& numbers, const std::string& file)
{
    return writeArray(parent, name, shape, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, numbers.data(), file);
}

void setAttribute(hid_t object, const std::string& name, bool value)
{
    const std::int8_t byte = value;
    writeAttribute(object, name, booleanType(), {}, &byte);
}

void setAttribute(hid_t object, const std::string& name, long value)
{
    writeAttribute(object, name, H5T_NATIVE_LONG, {}, &value);
}

void setAttribute(hid_t object, const std::string& name, double value)
{
    writeAttribute(object, name, H5T_NATIVE_DOUBLE, {}, &value);
}

void setAttribute(hid_t object, const std::string& name, const std::string& value)
{
    setAttribute(object, name, value.c_str());
}

void setAttribute(hid_t object, const std::string& name, const char* value)
{
    writeAttribute(object, name, stringType(), {}, &value);
}

void setAttribute(hid_t object, const std::string& name, const std::vector<bool>& values)
{
    writeAttribute(object, name, booleanType(), {values.size()}, asBytes(values).data());
}

void setAttribute(hid_t object, const std::string& name, const std::vector<double>& values)
{
    writeAttribute(object, name, H5T_NATIVE_DOUBLE, {values.size()}, values.data());
}

void setAttribute(hid_t object, const std::string& name, const std::vector<std::string>& values)
{
    std::vector<const char*> pointers;
    for (const std::string& value : values) pointers.push_back(value.c_str());
    writeAttribute(object, name, stringType(), {values.size()}, pointers.data());
}

bool hasAttribute(hid_t object, const std::string& name)
{
    return H5Aexists(object, name.c_str()) > 0;
}

std::vector<double> numbers(hid_t object, const std::string& name, const std::string& where)
{
    const auto [attribute, n] = openAttribute(object, name, where);
    std::vector<double> values(n);
    if (n > 0 && H5Aread(attribute, H5T_NATIVE_DOUBLE, values.data()) < 0) refuseType(name, where, "a number");
    return values;
}

double number(hid_t object, const std::string& name, const std::string& where)
{
    const std::vector<double> values = numbers(object, name, where);
    if (values.size() != 1) refuseType(name, where, "one number");
    return values[0];
}

bool flag(hid_t object, const std::string& name, const std::string& where)
{
    const auto [attribute, n] = openAttribute(object, name, where);
    const Handle stored(H5Aget_type(attribute), H5Tclose, "The attribute has no type", where);
    std::int8_t value = 0;
    const Handle boolean = booleanType();
    const hid_t type = H5Tget_class(stored) == H5T_ENUM ? hid_t(boolean) : H5T_NATIVE_INT8;
    if (n != 1 || H5Aread(attribute, type, &value) < 0) refuseType(name, where, "true or false");
    return value != 0;
}

std::vector<std::string> strings(hid_t object, const std::string& name, const std::string& where)
{
    const auto [attribute, n] = openAttribute(object, name, where);
    std::vector<std::string> values;
    if (n == 0) return values;

    const Handle stored(H5Aget_type(attribute), H5Tclose, "The attribute has no type", where);
    if (H5Tget_class(stored) != H5T_STRING) refuseType(name, where, "text");
    if (H5Tis_variable_str(stored) > 0)
    {
        const Handle extent(H5Aget_space(attribute), H5Sclose, "The attribute has no extent", where);
        std::vector<char*> pointers(n, nullptr);
        require(H5Aread(attribute, stored, pointers.data()), "The attribute cannot be read", where + " @" + name);
        for (const char* text : pointers) values.emplace_back(text ? text : "");
        H5Dvlen_reclaim(stored, extent, H5P_DEFAULT, pointers.data());
        return values;
    }

    const std::size_t length = H5Tget_size(stored);
    std::string text(n*length, '\0');
    require(H5Aread(attribute, stored, text.data()), "The attribute cannot be read", where + " @" + name);
    for (std::size_t i = 0; i < n; ++i)
    {
        std::string value = text.substr(i*length, length);
        values.push_back(value.substr(0, value.find('\0')));
    }
    return values;
}

std::string string(hid_t object, const std::string& name, const std::string& where)
{
    const std::vector<std::string> values = strings(object, name, where);
    if (values.size() != 1) refuseType(name, where, "one text");
    return values[0];
}

} // namespace hdf5
} // namespace surrogate
